// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What both kernels share: libc, errno, descriptors, the helper that enters stacks, the processes
 * and channels it makes.
 *
 * <p>jnr-ffi is used here and in the provider packages; only those may import this one. Calls block
 * the calling thread and go on when a signal interrupts them. A {@code long} that a native call
 * takes is an address; whoever owns the memory behind it keeps it reachable.
 */
@NullMarked
package org.vnet4j.posix;

import org.jspecify.annotations.NullMarked;
