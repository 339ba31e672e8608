// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An Ethernet frame.
 *
 * @param to destination MAC address
 * @param from source MAC address
 * @param tag VLAN number, 0 for none
 * @param type EtherType of the payload
 * @param payload the bytes after the header, without padding
 */
public record Frame(byte[] to, byte[] from, int tag, int type, byte[] payload) {
  static final int IPV4 = 0x0800;
  static final int IPV6 = 0x86dd;

  /**
   * EtherType of address resolution. The simulation has one form for both families: a byte, 1 for a
   * question or 2 for an answer, then the address.
   */
  static final int ASK = 0x0806;

  private static final int HEADER = 14;
  private static final byte[] ALL = {-1, -1, -1, -1, -1, -1};

  static Frame toAll(byte[] from, int type, byte[] payload) {
    return new Frame(ALL, from, 0, type, payload);
  }

  /**
   * Decodes a frame without a tag; returns an empty frame of type 0 if the header is incomplete.
   */
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

  /** Returns the bytes of the frame, without its tag. */
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

  /** Returns whether the destination is a multicast or the broadcast address. */
  boolean toGroup() {
    return (to[0] & 1) != 0;
  }

  Frame tagged(int vlan) {
    return new Frame(to, from, vlan, type, payload);
  }
}
