// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import java.nio.ByteBuffer;

/**
 * ICMP and ICMPv6 echo messages, and the errors that quote them. See RFC 792 and RFC 4443.
 *
 * <p>An echo message: type, code, checksum, identifier (2 bytes), sequence (2 bytes), data.
 */
final class IcmpEcho {
  static final int HEADER = 8;

  private static final int IPV6_HEADER = 40;

  private final boolean ipv6;

  IcmpEcho(boolean ipv6) {
    this.ipv6 = ipv6;
  }

  private int requestType() {
    return ipv6 ? 128 : 8;
  }

  private int replyType() {
    return ipv6 ? 129 : 0;
  }

  /** Encodes a request with so many bytes of data; the kernel fills in the checksum of ICMPv6. */
  ByteBuffer request(int identifier, int sequence, int size) {
    ByteBuffer message = ByteBuffer.allocate(HEADER + size);
    message.put((byte) requestType()).put((byte) 0).putShort((short) 0);
    message.putShort((short) identifier).putShort((short) sequence);
    for (int i = 0; i < size; i++) {
      message.put((byte) i);
    }
    message.flip();
    if (!ipv6) {
      message.putShort(2, (short) checksum(message));
    }
    return message;
  }

  /** Returns the sequence number of a reply to one of ours, or -1. */
  int reply(ByteBuffer message, int identifier) {
    int at = message.position();
    return message.remaining() >= HEADER && (message.get(at) & 0xff) == replyType()
        ? sequence(message, at, identifier)
        : -1;
  }

  /** Returns the sequence number of a request of ours that an error message quotes, or -1. */
  int quoted(ByteBuffer message, int identifier) {
    int at = message.position();
    if (message.remaining() < HEADER || !isError(message.get(at) & 0xff)) {
      return -1;
    }
    int packet = at + HEADER;
    if (packet >= message.limit()) {
      return -1;
    }
    int header = ipv6 ? IPV6_HEADER : (message.get(packet) & 0x0f) * 4;
    int echo = packet + header;
    if (echo + HEADER > message.limit() || (message.get(echo) & 0xff) != requestType()) {
      return -1;
    }
    return sequence(message, echo, identifier);
  }

  /** Says what an error message means. */
  String meaning(ByteBuffer message) {
    int type = message.get(message.position()) & 0xff;
    int code = message.get(message.position() + 1) & 0xff;
    if (ipv6) {
      return switch (type) {
        case 1 ->
            switch (code) {
              case 0 -> "no route";
              case 1 -> "administratively prohibited";
              case 3 -> "address unreachable";
              case 4 -> "port unreachable";
              default -> "destination unreachable, code " + code;
            };
        case 2 -> "packet too big";
        case 3 -> "time exceeded";
        default -> "parameter problem";
      };
    }
    return switch (type) {
      case 3 ->
          switch (code) {
            case 0 -> "network unreachable";
            case 1 -> "host unreachable";
            case 2 -> "protocol unreachable";
            case 3 -> "port unreachable";
            case 4 -> "fragmentation needed";
            case 9, 10, 13 -> "administratively prohibited";
            default -> "destination unreachable, code " + code;
          };
      case 11 -> "time exceeded";
      default -> "parameter problem";
    };
  }

  private boolean isError(int type) {
    return ipv6 ? type >= 1 && type <= 4 : type == 3 || type == 11 || type == 12;
  }

  private static int sequence(ByteBuffer message, int at, int identifier) {
    boolean ours = (message.getShort(at + 4) & 0xffff) == identifier;
    return ours ? message.getShort(at + 6) & 0xffff : -1;
  }

  /** Computes the internet checksum (RFC 1071) of the remaining bytes. */
  static int checksum(ByteBuffer message) {
    long sum = 0;
    int at = message.position();
    for (; at + 1 < message.limit(); at += 2) {
      sum += message.getShort(at) & 0xffff;
    }
    if (at < message.limit()) {
      sum += (message.get(at) & 0xff) << 8;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) ~sum & 0xffff;
  }
}
