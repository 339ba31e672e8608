// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** An IPv4 or IPv6 packet as bytes. Packets made here have no options or extension headers. */
public final class IpPacket {
  static final int ICMP = 1;
  public static final int TCP = 6;
  public static final int UDP = 17;
  static final int ICMPV6 = 58;

  private static final int HEADER4 = 20;
  private static final int HEADER6 = 40;
  private static final int TTL = 64;

  public final byte[] bytes;
  private final ByteBuffer buffer;

  IpPacket(byte[] bytes) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
  }

  /** Makes a packet, and fills in the checksum of an ICMPv6 message. */
  static IpPacket of(byte[] source, byte[] destination, int protocol, byte[] payload) {
    IpPacket packet;
    if (source.length == 4) {
      packet = new IpPacket(new byte[HEADER4 + payload.length]);
      packet.buffer.put(0, (byte) 0x45).putShort(2, (short) packet.bytes.length);
      packet.buffer.put(8, (byte) TTL).put(9, (byte) protocol);
      packet.buffer.put(12, source).put(16, destination).put(HEADER4, payload);
      packet.sign();
    } else {
      packet = new IpPacket(new byte[HEADER6 + payload.length]);
      packet.buffer.put(0, (byte) 0x60).putShort(4, (short) payload.length);
      packet.buffer.put(6, (byte) protocol).put(7, (byte) TTL);
      packet.buffer.put(8, source).put(24, destination).put(HEADER6, payload);
      if (protocol == ICMPV6) {
        packet.buffer.putShort(HEADER6 + 2, (short) 0);
        packet.buffer.putShort(HEADER6 + 2, packet.icmpv6Checksum());
      }
    }
    return packet;
  }

  /** Returns whether the header is complete. */
  boolean isWhole() {
    return bytes.length >= 1 && bytes.length >= headerLength() && headerLength() >= HEADER4;
  }

  public boolean isIpv6() {
    return bytes[0] >> 4 == 6;
  }

  public int headerLength() {
    return isIpv6() ? HEADER6 : (bytes[0] & 0x0f) * 4;
  }

  public int protocol() {
    return buffer.get(isIpv6() ? 6 : 9) & 0xff;
  }

  public byte[] source() {
    return isIpv6() ? Arrays.copyOfRange(bytes, 8, 24) : Arrays.copyOfRange(bytes, 12, 16);
  }

  public byte[] destination() {
    return isIpv6() ? Arrays.copyOfRange(bytes, 24, 40) : Arrays.copyOfRange(bytes, 16, 20);
  }

  public int hops() {
    return buffer.get(isIpv6() ? 7 : 8) & 0xff;
  }

  public int tos() {
    return isIpv6() ? buffer.getShort(0) >> 4 & 0xff : bytes[1] & 0xff;
  }

  public int id() {
    return isIpv6() ? 0 : buffer.getShort(4) & 0xffff;
  }

  /** Returns the fragment flags as the firewall's {@code Packet} encodes them. */
  public int fragment() {
    if (isIpv6()) {
      return 0;
    }
    int field = buffer.getShort(6) & 0xffff;
    return field >> 8 & 0xe0 | ((field & 0x1fff) != 0 ? 1 : 0);
  }

  /** Returns a byte of the payload; 0 beyond its end. */
  public int payloadByte(int at) {
    int index = headerLength() + at;
    return index < bytes.length ? bytes[index] & 0xff : 0;
  }

  public int payloadShort(int at) {
    return payloadByte(at) << 8 | payloadByte(at + 1);
  }

  public byte[] payload() {
    return Arrays.copyOfRange(bytes, headerLength(), bytes.length);
  }

  boolean isEchoRequest() {
    int icmp = isIpv6() ? ICMPV6 : ICMP;
    return protocol() == icmp && payloadByte(0) == (isIpv6() ? 128 : 8) && fragment() % 2 == 0;
  }

  /** Returns whether this is an ICMP error, which must not be answered with another error. */
  public boolean isIcmpError() {
    int type = payloadByte(0);
    return isIpv6()
        ? protocol() == ICMPV6 && type < 128
        : protocol() == ICMP && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12);
  }

  IpPacket echoReply() {
    byte[] message = payload();
    message[0] = (byte) (isIpv6() ? 129 : 0);
    if (!isIpv6()) {
      signIcmp(message);
    }
    return of(destination(), source(), protocol(), message);
  }

  /** Returns an ICMP error about this packet, which quotes its beginning. */
  public IpPacket error(byte[] from, int type, int code) {
    int quoted = Math.min(bytes.length, isIpv6() ? 1200 : headerLength() + 8);
    byte[] message = new byte[8 + quoted];
    message[0] = (byte) type;
    message[1] = (byte) code;
    System.arraycopy(bytes, 0, message, 8, quoted);
    if (!isIpv6()) {
      signIcmp(message);
    }
    return of(from, source(), isIpv6() ? ICMPV6 : ICMP, message);
  }

  /** Returns the TCP reset that answers this segment, sent from its destination. */
  public IpPacket reset() {
    int header = payloadByte(12) >> 4 << 2;
    int flags = payloadByte(13);
    int length = bytes.length - headerLength() - header + (flags & 1) + (flags >> 1 & 1);
    boolean acknowledged = (flags & 0x10) != 0;
    ByteBuffer segment = ByteBuffer.allocate(20);
    segment.putShort((short) payloadShort(2)).putShort((short) payloadShort(0));
    segment.putInt(acknowledged ? buffer.getInt(headerLength() + 8) : 0);
    segment.putInt(acknowledged ? 0 : buffer.getInt(headerLength() + 4) + length);
    segment.put((byte) 0x50).put((byte) (acknowledged ? 0x04 : 0x14));
    int sum = pseudo(destination(), source(), TCP, 20) + sum(segment.array());
    segment.putShort(16, fold(sum));
    return of(destination(), source(), TCP, segment.array());
  }

  /** Returns a copy with one hop less. */
  IpPacket oneHopLess() {
    IpPacket next = new IpPacket(bytes.clone());
    next.buffer.put(isIpv6() ? 7 : 8, (byte) (hops() - 1));
    if (!isIpv6()) {
      next.sign();
    }
    return next;
  }

  private void sign() {
    buffer.putShort(10, (short) 0);
    buffer.putShort(10, fold(sum(Arrays.copyOf(bytes, headerLength()))));
  }

  private static void signIcmp(byte[] message) {
    message[2] = 0;
    message[3] = 0;
    ByteBuffer.wrap(message).putShort(2, fold(sum(message)));
  }

  private short icmpv6Checksum() {
    byte[] message = payload();
    return fold(pseudo(source(), destination(), ICMPV6, message.length) + sum(message));
  }

  private static int pseudo(byte[] source, byte[] destination, int protocol, int length) {
    return sum(source) + sum(destination) + protocol + length;
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  private static short fold(int sum) {
    int folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (short) ~folded;
  }
}
