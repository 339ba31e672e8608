// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The provider for Linux: network namespaces, rtnetlink, veth, bridge, nf_tables.
 *
 * <p>The drivers in this package implement the interfaces of {@code org.vnet4j.spi}. Below them,
 * {@code NetlinkWriter}, {@code NetlinkReader} and {@code NetlinkSocket} encode, decode and send
 * netlink messages, and one codec handles each kind of message. Everything rests on the C library
 * and {@code org.vnet4j.posix} alone.
 */
@NullMarked
package org.vnet4j.linux;

import org.jspecify.annotations.NullMarked;
