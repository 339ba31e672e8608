// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;

/**
 * The properties of an IP packet when a firewall checks it.
 *
 * @param direction in or out of the stack that has the rules
 * @param received the interface it was received on; empty for a packet of the stack itself
 * @param sent the interface it is sent on; empty for an incoming packet
 * @param protocol the protocol above IP, after all IPv6 extension headers
 * @param source the source address
 * @param destination the destination address, of the same family
 * @param sourcePort the source port, 0 for protocols without ports
 * @param destinationPort the destination port, 0 for protocols without ports
 * @param tcpFlags the flags of a TCP packet: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32
 * @param icmpType the type of an ICMP or ICMPv6 packet
 * @param length the length of the whole IP packet in bytes
 * @param ttl the time to live or hop limit
 * @param tos the type of service or traffic class
 * @param id the identification of an IPv4 packet
 * @param window the window field of a TCP packet
 * @param dataLength the data bytes of a TCP packet
 * @param fragment the fragment flags of an IPv4 packet: RF 128, DF 64, MF 32; and 1 if it is not
 *     the first fragment, of either family. It has no ports, flags and types then
 */
public record Packet(
    Condition.Direction direction,
    String received,
    String sent,
    int protocol,
    InetAddress source,
    InetAddress destination,
    int sourcePort,
    int destinationPort,
    int tcpFlags,
    int icmpType,
    int length,
    int ttl,
    int tos,
    int id,
    int window,
    int dataLength,
    int fragment) {

  /** Checks that both addresses are of one family and that the interfaces fit the direction. */
  public Packet {
    if (source.getAddress().length != destination.getAddress().length) {
      throw new IllegalArgumentException("IPv4 and IPv6 in one packet: " + source + destination);
    }
    if (direction == Condition.Direction.IN && (received.isEmpty() || !sent.isEmpty())) {
      throw new IllegalArgumentException("a packet that comes in has an interface it came by only");
    }
    if (direction == Condition.Direction.OUT && sent.isEmpty()) {
      throw new IllegalArgumentException("a packet that goes out has an interface it goes out by");
    }
  }

  /**
   * Returns a builder of a TCP packet with the SYN flag.
   *
   * @param source the source address
   * @param sourcePort the source port
   * @param destination the destination address
   * @param destinationPort the destination port
   * @return a builder
   */
  public static PacketBuilder tcp(
      String source, int sourcePort, String destination, int destinationPort) {
    return tcp(IpLiteral.parse(source), sourcePort, IpLiteral.parse(destination), destinationPort);
  }

  /**
   * Returns a builder of a TCP packet with the SYN flag.
   *
   * @param source the source address
   * @param sourcePort the source port
   * @param destination the destination address
   * @param destinationPort the destination port
   * @return a builder
   */
  public static PacketBuilder tcp(
      InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
    return ip(6, source, destination).ports(sourcePort, destinationPort).flags("syn");
  }

  /**
   * Returns a builder of a UDP packet.
   *
   * @param source the source address
   * @param sourcePort the source port
   * @param destination the destination address
   * @param destinationPort the destination port
   * @return a builder
   */
  public static PacketBuilder udp(
      String source, int sourcePort, String destination, int destinationPort) {
    return udp(IpLiteral.parse(source), sourcePort, IpLiteral.parse(destination), destinationPort);
  }

  /**
   * Returns a builder of a UDP packet.
   *
   * @param source the source address
   * @param sourcePort the source port
   * @param destination the destination address
   * @param destinationPort the destination port
   * @return a builder
   */
  public static PacketBuilder udp(
      InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
    return ip(17, source, destination).ports(sourcePort, destinationPort);
  }

  /**
   * Returns a builder of an ICMP packet or, between IPv6 addresses, an ICMPv6 packet.
   *
   * @param source the source address
   * @param destination the destination address
   * @param type the type
   * @return a builder
   */
  public static PacketBuilder icmp(String source, String destination, int type) {
    return icmp(IpLiteral.parse(source), IpLiteral.parse(destination), type);
  }

  /**
   * Returns a builder of an ICMP packet or, between IPv6 addresses, an ICMPv6 packet.
   *
   * @param source the source address
   * @param destination the destination address
   * @param type the type
   * @return a builder
   */
  public static PacketBuilder icmp(InetAddress source, InetAddress destination, int type) {
    return ip(source instanceof Inet6Address ? 58 : 1, source, destination).icmpType(type);
  }

  /**
   * Returns a builder of a packet of any protocol.
   *
   * @param protocol the protocol number
   * @param source the source address
   * @param destination the destination address
   * @return a builder
   */
  public static PacketBuilder ip(int protocol, String source, String destination) {
    return ip(protocol, IpLiteral.parse(source), IpLiteral.parse(destination));
  }

  /**
   * Returns a builder of a packet of any protocol.
   *
   * @param protocol the protocol number
   * @param source the source address
   * @param destination the destination address
   * @return a builder
   */
  public static PacketBuilder ip(int protocol, InetAddress source, InetAddress destination) {
    return new PacketBuilder(protocol, source, destination);
  }

  /**
   * Returns the IP version.
   *
   * @return true for IPv6, false for IPv4
   */
  public boolean isIpv6() {
    return source instanceof Inet6Address;
  }

  /**
   * Returns whether the packet is a fragment without the header above IP.
   *
   * @return true if it is not the first or only fragment
   */
  public boolean isLaterFragment() {
    return (fragment & 1) != 0;
  }

  boolean isTcp() {
    return protocol == 6 && !isLaterFragment();
  }

  boolean hasPorts() {
    return new Protocol(protocol, 0).hasPorts() && !isLaterFragment();
  }

  /**
   * Returns the interface that the packet crosses: received on if incoming, sent on if outgoing.
   */
  String crossing() {
    return direction == Condition.Direction.IN ? received : sent;
  }

  /**
   * Describes the packet in a line.
   *
   * @return for example {@code in via em0: tcp 192.0.2.1,1025 -> 192.0.2.2,22 syn}
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(direction).append(" via ").append(crossing()).append(": ");
    text.append(new Protocol(protocol, 0)).append(' ').append(IpText.of(source));
    if (hasPorts()) {
      text.append(',').append(sourcePort);
    }
    text.append(" -> ").append(IpText.of(destination));
    if (hasPorts()) {
      text.append(',').append(destinationPort);
    }
    if (isTcp() && tcpFlags != 0) {
      text.append(' ').append(Condition.FlagField.TCP_FLAGS.text(tcpFlags, 0));
    }
    if ((protocol == 1 || protocol == 58) && !isLaterFragment()) {
      text.append(" type ").append(icmpType);
    }
    return isLaterFragment() ? text.append(" fragment").toString() : text.toString();
  }
}
