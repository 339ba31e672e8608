// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The provider for Linux: network namespaces, rtnetlink, veth, bridge.
 *
 * <p>From the bottom: {@code NetlinkWriter}, {@code NetlinkReader} and {@code NetlinkSocket} speak
 * netlink; the codecs know one kind of message each; the drivers implement the seam on them.
 * Nothing but the system's C library and {@code org.vnet4j.posix} lies below.
 */
@NullMarked
package org.vnet4j.linux;

import org.jspecify.annotations.NullMarked;
