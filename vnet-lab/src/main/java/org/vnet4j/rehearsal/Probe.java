// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.net.InetAddress;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;

/**
 * A packet to send from one address to another, to determine whether it arrives. Either end is an
 * address of the rehearsed stack, or any address that its interfaces and routes reach.
 *
 * @param kind the kind of packet
 * @param from the source address
 * @param to the destination address, of the same IP version
 * @param port the destination port of TCP and UDP, 1 to 65535; 0 for a ping
 */
public record Probe(Kind kind, InetAddress from, InetAddress to, int port) {

  /** The kinds of packet that a probe can send. */
  public enum Kind {
    /** An ICMP echo request, which the destination answers. */
    PING,
    /** A TCP connection to a listening socket. */
    TCP,
    /** A UDP datagram to a listening socket. */
    UDP
  }

  /** Checks that the addresses and the port are compatible. */
  public Probe {
    if (from.getAddress().length != to.getAddress().length || from.equals(to)) {
      throw new IllegalArgumentException(
          "probe from "
              + IpText.of(from)
              + " to "
              + IpText.of(to)
              + ": two addresses of one IP version");
    }
    if (kind == Kind.PING ? port != 0 : port < 1 || port > 65535) {
      throw new IllegalArgumentException("probe: port " + port + " is not in 1..65535");
    }
  }

  /**
   * Creates a probe that sends an ICMP echo request.
   *
   * @param from the source address
   * @param to the destination address
   * @return the probe
   */
  public static Probe ping(String from, String to) {
    return new Probe(Kind.PING, IpLiteral.parse(from), IpLiteral.parse(to), 0);
  }

  /**
   * Creates a probe that opens a TCP connection to a listening socket.
   *
   * @param from the source address
   * @param to the destination address
   * @param port the destination port, 1 to 65535
   * @return the probe
   */
  public static Probe tcp(String from, String to, int port) {
    return new Probe(Kind.TCP, IpLiteral.parse(from), IpLiteral.parse(to), port);
  }

  /**
   * Creates a probe that sends a UDP datagram to a listening socket.
   *
   * @param from the source address
   * @param to the destination address
   * @param port the destination port, 1 to 65535
   * @return the probe
   */
  public static Probe udp(String from, String to, int port) {
    return new Probe(Kind.UDP, IpLiteral.parse(from), IpLiteral.parse(to), port);
  }

  /**
   * Describes the probe.
   *
   * @return such as {@code tcp 192.0.2.9 -> 192.0.2.1 port 22}
   */
  @Override
  public String toString() {
    String text =
        kind.name().toLowerCase(java.util.Locale.ROOT)
            + " "
            + IpText.of(from)
            + " -> "
            + IpText.of(to);
    return port == 0 ? text : text + " port " + port;
  }
}
