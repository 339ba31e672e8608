// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;
import org.vnet4j.net.Names;

/**
 * A rule that translates the addresses of connections. It is immutable and complete at every step
 * of building:
 *
 * <pre>{@code
 * nat("em0", "192.0.2.1").from(net("10.0.0.0/8"))
 * rdr("em0", "10.0.0.2", 8080).tcp().to(me(), port(80))
 * }</pre>
 *
 * <p>The first translation that matches the first packet of a connection decides for all of it.
 * Filter rules see the packet as it is after {@code rdr} and after {@code nat}. See TRANSLATION in
 * pf.conf(5).
 *
 * @param kind the address that is translated
 * @param iface the interface: for {@code nat} the interface a packet is sent on, for {@code rdr}
 *     the interface it is received on
 * @param protocol the protocol of the packets; {@link Protocol#IP} for all
 * @param source the source of the packets, before translation
 * @param destination the destination of the packets, before translation
 * @param target the new address
 * @param port the new destination port of {@code rdr}, 1 to 65535; 0 keeps it
 */
public record Translation(
    Kind kind,
    String iface,
    Protocol protocol,
    Endpoint source,
    Endpoint destination,
    InetAddress target,
    int port) {

  private static final Pattern TEXT =
      Pattern.compile("(nat|rdr) on (\\S+) proto (.+) -> (\\S+?)(?: port ([0-9]{1,5}))?");

  /** Lists the kinds of translation. */
  public enum Kind {
    /** The source address of outgoing packets; ports are changed if they would collide. */
    NAT,
    /** The destination of incoming packets. */
    RDR;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Checks that the parts are compatible. */
  public Translation {
    Names.interfaceName(iface);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
    if (port != 0 && (kind == Kind.NAT || !hasPorts(protocol))) {
      throw new IllegalArgumentException("a new port goes with rdr of tcp or udp only");
    }
    int family = target instanceof Inet4Address ? 4 : 6;
    for (Endpoint side : new Endpoint[] {source, destination}) {
      if (side.family() != 0 && side.family() != family) {
        throw new IllegalArgumentException(
            side + " and " + IpText.of(target) + " are of different IP versions");
      }
      if (side.ports().isPresent() && !hasPorts(protocol)) {
        throw new IllegalArgumentException("ports go with tcp or udp, not " + protocol);
      }
    }
  }

  static Translation of(Kind kind, String iface, InetAddress target, int port) {
    Protocol protocol = port == 0 ? Protocol.IP : Protocol.TCP;
    return new Translation(kind, iface, protocol, Endpoint.ANY, Endpoint.ANY, target, port);
  }

  /**
   * Reads a translation from the text that {@link #toString} returns.
   *
   * @param text such as {@code rdr on em0 proto tcp from any to me 80 -> 10.0.0.2 port 8080}
   * @return the translation
   * @throws IllegalArgumentException if it is not such a text
   */
  public static Translation parse(String text) {
    Matcher words = TEXT.matcher(text);
    if (!words.matches()) {
      throw new IllegalArgumentException("not a translation: " + text);
    }
    Rule rule = Rule.parse("allow " + words.group(3));
    if (rule.protocols().size() != 1
        || rule.isProtocolNegated()
        || !rule.options().isEmpty()
        || rule.state().isPresent()) {
      throw new IllegalArgumentException("not a translation: " + text);
    }
    return new Translation(
        words.group(1).equals("nat") ? Kind.NAT : Kind.RDR,
        words.group(2),
        rule.protocols().get(0),
        rule.source(),
        rule.destination(),
        IpLiteral.parse(words.group(4)),
        words.group(5) == null ? 0 : Integer.parseInt(words.group(5)));
  }

  private static boolean hasPorts(Protocol protocol) {
    return Protocol.TCP.equals(protocol) || Protocol.UDP.equals(protocol);
  }

  /**
   * Matches packets of one protocol.
   *
   * @param other the protocol
   * @return a new translation
   */
  public Translation proto(Protocol other) {
    return new Translation(kind, iface, other, source, destination, target, port);
  }

  /**
   * Matches TCP packets.
   *
   * @return a new translation
   */
  public Translation tcp() {
    return proto(Protocol.TCP);
  }

  /**
   * Matches UDP packets.
   *
   * @return a new translation
   */
  public Translation udp() {
    return proto(Protocol.UDP);
  }

  /**
   * Matches packets by source.
   *
   * @param side the addresses, from {@link Rules}
   * @return a new translation
   */
  public Translation from(Endpoint side) {
    return new Translation(kind, iface, protocol, side, destination, target, port);
  }

  /**
   * Matches packets by destination.
   *
   * @param side the addresses, from {@link Rules}
   * @return a new translation
   */
  public Translation to(Endpoint side) {
    return new Translation(kind, iface, protocol, source, side, target, port);
  }

  /**
   * Matches packets by destination ports.
   *
   * @param side the addresses, from {@link Rules}
   * @param ports the ports
   * @return a new translation
   */
  public Translation to(Endpoint side, Ports ports) {
    return to(side.withPorts(ports));
  }

  /**
   * Returns the translation in the language of pf.conf(5), except its endpoints, which are in that
   * of ipfw(8).
   *
   * @return such as {@code rdr on em0 proto tcp from any to me 80 -> 10.0.0.2 port 8080}
   */
  @Override
  public String toString() {
    return "%s on %s proto %s from %s to %s -> %s%s"
        .formatted(
            kind,
            iface,
            protocol,
            source,
            destination,
            IpText.of(target),
            port == 0 ? "" : " port " + port);
  }
}
