// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The JDK's channels and raw ICMP sockets on sockets of other stacks. Imports {@code posix.helper}
 * and {@code posix.libc}.
 */
@NullMarked
package org.vnet4j.posix.socket;

import org.jspecify.annotations.NullMarked;
