// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The foundation of both providers: libc, errno, descriptors, the helper that enters stacks, its
 * processes, and sockets in other stacks.
 *
 * <p>jnr-ffi is used here and in the provider packages; only those may import this package. Calls
 * block the calling thread, and are repeated when a signal interrupts them. A {@code long} argument
 * of a native call is an address; the owner of the memory keeps it reachable.
 */
@NullMarked
package org.vnet4j.posix;

import org.jspecify.annotations.NullMarked;
