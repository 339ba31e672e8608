// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The interfaces that a kernel provider implements.
 *
 * <p>{@link java.util.ServiceLoader} finds the provider. It implements a few dozen primitive
 * operations on one stack, grouped by role; the public classes of {@code org.vnet4j} are built on
 * them for all kernels. The jid of a jail identifies its stack; {@link org.vnet4j.spi.Kernel#HOST}
 * identifies the host stack.
 *
 * <p>A provider throws {@link org.vnet4j.VnetException} and its subclasses, with the call, its
 * subject and the errno. Every method may be called by several threads at once, unless its
 * interface says otherwise.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.spi;

import org.jspecify.annotations.NullMarked;
