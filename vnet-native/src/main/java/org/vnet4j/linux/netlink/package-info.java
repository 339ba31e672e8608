// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Netlink itself: sockets, messages, attributes. Knows no family; imports {@code posix.libc} alone.
 * See netlink(7).
 */
@NullMarked
package org.vnet4j.linux.netlink;

import org.jspecify.annotations.NullMarked;
