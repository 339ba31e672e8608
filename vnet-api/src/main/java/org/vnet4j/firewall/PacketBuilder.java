// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.net.InetAddress;

/** Configures and creates a {@link Packet}. */
public final class PacketBuilder {
  private final int protocol;
  private final InetAddress source;
  private final InetAddress destination;
  private int sourcePort;
  private int destinationPort;
  private int tcpFlags;
  private int icmpType;
  private int length;
  private int ttl = 64;
  private int tos;
  private int id;
  private int window = 65535;
  private int dataLength;
  private int fragment;

  PacketBuilder(int protocol, InetAddress source, InetAddress destination) {
    this.protocol = protocol;
    this.source = source;
    this.destination = destination;
    length = source.getAddress().length == 4 ? 40 : 60;
  }

  PacketBuilder ports(int from, int to) {
    sourcePort = from;
    destinationPort = to;
    return this;
  }

  PacketBuilder icmpType(int type) {
    icmpType = type;
    return this;
  }

  /**
   * Sets the flags of a TCP packet.
   *
   * @param names such as {@code syn,ack}
   * @return this
   */
  public PacketBuilder flags(String names) {
    tcpFlags = Condition.Flags.parse(Condition.FlagField.TCP_FLAGS, names).set();
    return this;
  }

  /**
   * Sets the length.
   *
   * @param bytes of the whole IP packet; 40 over IPv4 and 60 over IPv6 unless set
   * @return this
   */
  public PacketBuilder length(int bytes) {
    length = bytes;
    return this;
  }

  /**
   * Sets the time to live or hop limit.
   *
   * @param hops 0 to 255; 64 unless set
   * @return this
   */
  public PacketBuilder ttl(int hops) {
    ttl = hops;
    return this;
  }

  /**
   * Sets the type of service or traffic class.
   *
   * @param octet 0 to 255; 0 unless set
   * @return this
   */
  public PacketBuilder tos(int octet) {
    tos = octet;
    return this;
  }

  /**
   * Sets the identification of an IPv4 packet.
   *
   * @param number 0 to 65535; 0 unless set
   * @return this
   */
  public PacketBuilder id(int number) {
    id = number;
    return this;
  }

  /**
   * Sets the window field of a TCP packet.
   *
   * @param bytes 0 to 65535; 65535 unless set
   * @return this
   */
  public PacketBuilder window(int bytes) {
    window = bytes;
    return this;
  }

  /**
   * Sets how many data bytes a TCP packet has.
   *
   * @param bytes 0 unless set
   * @return this
   */
  public PacketBuilder dataLength(int bytes) {
    dataLength = bytes;
    return this;
  }

  /**
   * Sets the fragment flags.
   *
   * @param names of {@code rf}, {@code df}, {@code mf} and {@code offset}, such as {@code
   *     mf,offset}
   * @return this
   */
  public PacketBuilder fragment(String names) {
    fragment = Condition.Flags.parse(Condition.FlagField.FRAGMENT, names).set();
    return this;
  }

  /**
   * Creates the packet as received on an interface.
   *
   * @param name the interface
   * @return the packet
   */
  public Packet receivedOn(String name) {
    return packet(Condition.Direction.IN, name, "");
  }

  /**
   * Creates the packet as sent by the stack itself on an interface.
   *
   * @param name the interface
   * @return the packet
   */
  public Packet sentOn(String name) {
    return packet(Condition.Direction.OUT, "", name);
  }

  /**
   * Creates the packet as forwarded, at the moment it is sent.
   *
   * @param received the interface it was received on
   * @param sent the interface it is sent on
   * @return the packet
   */
  public Packet forwarded(String received, String sent) {
    return packet(Condition.Direction.OUT, received, sent);
  }

  private Packet packet(Condition.Direction direction, String received, String sent) {
    return new Packet(
        direction,
        received,
        sent,
        protocol,
        source,
        destination,
        sourcePort,
        destinationPort,
        tcpFlags,
        icmpType,
        length,
        ttl,
        tos,
        id,
        window,
        dataLength,
        fragment);
  }
}
