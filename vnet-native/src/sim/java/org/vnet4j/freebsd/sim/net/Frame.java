// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An Ethernet frame.
 *
 * @param to MAC address
 * @param from MAC address
 * @param tag of the VLAN, 0 for none
 * @param type of the payload
 * @param payload without padding
 */
public record Frame(byte[] to, byte[] from, int tag, int type, byte[] payload) {
  static final int IPV4 = 0x0800;
  static final int IPV6 = 0x86dd;

  /**
   * Who has an address, and the answer. One form serves both families here: 1 for a question, 2 for
   * an answer, then the address.
   */
  static final int ASK = 0x0806;

  private static final int HEADER = 14;
  private static final byte[] ALL = {-1, -1, -1, -1, -1, -1};

  static Frame toAll(byte[] from, int type, byte[] payload) {
    return new Frame(ALL, from, 0, type, payload);
  }

  /** Reads a frame without a tag; null if it is too short for one. */
  public static Frame parse(byte[] bytes) {
    if (bytes.length < HEADER) {
      return new Frame(ALL, ALL, 0, 0, new byte[0]);
    }
    return new Frame(
        Arrays.copyOf(bytes, 6),
        Arrays.copyOfRange(bytes, 6, 12),
        0,
        ByteBuffer.wrap(bytes).getShort(12) & 0xffff,
        Arrays.copyOfRange(bytes, HEADER, bytes.length));
  }

  /** The bytes of a frame without a tag. */
  byte[] bytes() {
    return ByteBuffer.allocate(length())
        .put(to)
        .put(from)
        .putShort((short) type)
        .put(payload)
        .array();
  }

  int length() {
    return HEADER + payload.length;
  }

  boolean isIp() {
    return type == IPV4 || type == IPV6;
  }

  /** Whether it is for several. */
  boolean toGroup() {
    return (to[0] & 1) != 0;
  }

  Frame tagged(int vlan) {
    return new Frame(to, from, vlan, type, payload);
  }
}
