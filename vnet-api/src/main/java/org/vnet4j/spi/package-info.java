// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The seam between the model and a kernel: what a provider implements.
 *
 * <p>A provider is found by {@link java.util.ServiceLoader}. It offers a few dozen primitive
 * operations on one stack, grouped by role; the objects a user holds are written once, above. A
 * stack is named by the jid of its jail, and {@link org.vnet4j.spi.Kernel#HOST} names the host's.
 *
 * <p>What a provider throws: {@link org.vnet4j.VnetException} and its subclasses, with the call,
 * the subject and the errno. All its methods may be called by several threads at a time.
 */
@NullMarked
package org.vnet4j.spi;

import org.jspecify.annotations.NullMarked;
