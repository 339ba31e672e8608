// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

/**
 * The arguments of socket(2), in the numbers of the running system.
 *
 * @param domain such as {@code AF_INET}
 * @param type such as {@code SOCK_DGRAM}; close-on-exec is added
 * @param protocol such as {@code IPPROTO_ICMP}, or 0
 */
public record SocketKind(int domain, int type, int protocol) {}
