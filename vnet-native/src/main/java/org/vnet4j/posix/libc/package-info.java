// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What both kernels share of the system: libc by jnr-ffi, errnos, descriptors, native memory,
 * private directories. The lowest floor: imports nothing of ours but the errors of the model.
 */
@NullMarked
package org.vnet4j.posix.libc;

import org.jspecify.annotations.NullMarked;
