// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;
import org.vnet4j.net.IpText;

/**
 * A state of a firewall: a connection, described by its first packet.
 *
 * @param protocol the IP protocol, 0 to 255
 * @param source source address of the first packet
 * @param sourcePort its source port, 0 for protocols without ports; for ICMP the identifier
 * @param destination its destination address
 * @param destinationPort its destination port, likewise
 * @param condition the kernel's condition of the state, such as {@code ESTABLISHED:ESTABLISHED}
 */
public record FirewallState(
    int protocol,
    InetAddress source,
    int sourcePort,
    InetAddress destination,
    int destinationPort,
    String condition) {

  /**
   * Describes the connection in a line.
   *
   * @return such as {@code tcp 192.0.2.1:40000 -> 192.0.2.2:22 ESTABLISHED:ESTABLISHED}
   */
  @Override
  public String toString() {
    return "%s %s -> %s %s"
        .formatted(
            new Protocol(protocol, 0),
            end(source, sourcePort),
            end(destination, destinationPort),
            condition);
  }

  private static String end(InetAddress address, int port) {
    String text = IpText.of(address);
    return port == 0 ? text : text.indexOf(':') < 0 ? text + ":" + port : "[" + text + "]:" + port;
  }
}
