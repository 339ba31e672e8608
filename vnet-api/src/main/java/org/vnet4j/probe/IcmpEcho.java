// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ICMP or ICMPv6 echo messages of one probe, and the errors that quote them. See RFC 792 and
 * RFC 4443.
 *
 * <p>An echo message: type, code, checksum, identifier (2 bytes), sequence (2 bytes), data. A raw
 * socket receives the replies to the requests of all processes. The identifier distinguishes the
 * probes of this JVM. Another program may use the same identifier, so the data begins with a random
 * token if there is room.
 */
final class IcmpEcho {
  static final int HEADER = 8;

  private static final int IPV6_HEADER = 40;

  private static final AtomicInteger IDENTIFIERS =
      new AtomicInteger(ThreadLocalRandom.current().nextInt());

  private final boolean ipv6;
  private final int size;
  private final int identifier;
  private final long token;

  /**
   * Creates the messages of a new probe.
   *
   * @param ipv6 whether it is ICMPv6
   * @param size bytes of data in a request
   */
  IcmpEcho(boolean ipv6, int size) {
    this(
        ipv6, size, IDENTIFIERS.getAndIncrement() & 0xffff, ThreadLocalRandom.current().nextLong());
  }

  IcmpEcho(boolean ipv6, int size, int identifier, long token) {
    this.ipv6 = ipv6;
    this.size = size;
    this.identifier = identifier;
    this.token = token;
  }

  private int requestType() {
    return ipv6 ? 128 : 8;
  }

  private int replyType() {
    return ipv6 ? 129 : 0;
  }

  private boolean hasToken() {
    return size >= Long.BYTES;
  }

  /** Encodes a request; the kernel fills in the checksum of ICMPv6. */
  ByteBuffer request(int sequence) {
    ByteBuffer message = ByteBuffer.allocate(HEADER + size);
    message.put((byte) requestType()).put((byte) 0).putShort((short) 0);
    message.putShort((short) identifier).putShort((short) sequence);
    for (int i = 0; i < size; i++) {
      message.put((byte) i);
    }
    message.flip();
    if (hasToken()) {
      message.putLong(HEADER, token);
    }
    if (!ipv6) {
      message.putShort(2, (short) checksum(message));
    }
    return message;
  }

  /**
   * Returns the sequence number of a reply to a request of this probe; -1 for any other message.
   */
  int reply(ByteBuffer message) {
    int at = message.position();
    int least = hasToken() ? HEADER + Long.BYTES : HEADER;
    if (message.remaining() < least || (message.get(at) & 0xff) != replyType()) {
      return -1;
    }
    return hasToken() && message.getLong(at + HEADER) != token ? -1 : sequence(message, at);
  }

  /**
   * Returns the sequence number of the request of this probe that an ICMP error quotes; -1 for any
   * other message. The quotation may lack the data and so the token.
   */
  int quoted(ByteBuffer message) {
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
    return sequence(message, echo);
  }

  /** Returns the meaning of an ICMP error as text. */
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

  private int sequence(ByteBuffer message, int at) {
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
