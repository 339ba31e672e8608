// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The two versions of the IP_FW3 interface and their differences. Version 1 has 32 bit rule numbers
 * and indices.
 */
public enum IpfwVersion {
  /** FreeBSD 13 and 14. */
  V0(24, 14, 16, 20, 10),
  /** FreeBSD 15. */
  V1(28, 16, 20, 24, 12);

  /** The size of struct ipfw_range_tlv and the offsets of its fields. */
  final int rangeSize;

  final int rangeEnd;
  final int rangeSet;
  final int rangeNewSet;

  /** Offset of the set in struct ipfw_obj_ntlv; the type follows it. */
  final int ntlvSet;

  IpfwVersion(int rangeSize, int rangeEnd, int rangeSet, int rangeNewSet, int ntlvSet) {
    this.rangeSize = rangeSize;
    this.rangeEnd = rangeEnd;
    this.rangeSet = rangeSet;
    this.rangeNewSet = rangeNewSet;
    this.ntlvSet = ntlvSet;
  }

  /** Returns a zeroed request with its header filled in. */
  ByteBuffer request(int opcode, int size) {
    return ByteBuffer.allocateDirect(size)
        .order(ByteOrder.nativeOrder())
        .putShort(IpfwAbi.OPHEADER_OPCODE, (short) opcode)
        .putShort(IpfwAbi.OPHEADER_VERSION, (short) ordinal());
  }

  /** Writes a number that has 16 bits in version 0 and 32 in version 1. */
  void putNumber(ByteBuffer buffer, int offset, int number) {
    if (this == V0) {
      buffer.putShort(offset, (short) number);
    } else {
      buffer.putInt(offset, number);
    }
  }

  int getNumber(ByteBuffer buffer, int offset) {
    return this == V0 ? buffer.getShort(offset) & 0xffff : buffer.getInt(offset);
  }
}
