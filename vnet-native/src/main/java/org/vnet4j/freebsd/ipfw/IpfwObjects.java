// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of tables and states, to which instructions refer by index. A request numbers them from
 * 1 in the order of their first use. A listing has the kernel's own numbers.
 */
final class IpfwObjects {
  private record Named(int type, int index, String name) {}

  private final List<Named> objects = new ArrayList<>();

  /** Returns the index of an object; adds the object if it is new. */
  int index(int type, String name) {
    for (Named object : objects) {
      if (object.type == type && object.name.equals(name)) {
        return object.index;
      }
    }
    objects.add(new Named(type, objects.size() + 1, name));
    return objects.size();
  }

  /**
   * Returns the name of an object in the kernel's listing.
   *
   * @throws UnsupportedRuleException if the listing has no such object
   */
  String name(int type, int index) {
    for (Named object : objects) {
      if (object.type == type && object.index == index) {
        return object.name;
      }
    }
    throw new UnsupportedRuleException("no name for object " + index + " of type " + type);
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  /** Returns the size of the list in bytes, including its header. */
  int size() {
    return IpfwAbi.CTLV_SIZE + objects.size() * IpfwAbi.NTLV_SIZE;
  }

  void write(ByteBuffer to, int offset, IpfwVersion version, int set) {
    to.putShort(offset + IpfwAbi.TLV_TYPE, (short) IpfwAbi.IPFW_TLV_TBLNAME_LIST);
    to.putInt(offset + IpfwAbi.TLV_LENGTH, size());
    to.putInt(offset + IpfwAbi.CTLV_COUNT, objects.size());
    to.putShort(offset + IpfwAbi.CTLV_OBJSIZE, (short) IpfwAbi.NTLV_SIZE);
    int at = offset + IpfwAbi.CTLV_SIZE;
    for (Named object : objects) {
      writeName(to, at, version, object.type, object.index, set, object.name);
      at += IpfwAbi.NTLV_SIZE;
    }
  }

  static void writeName(
      ByteBuffer to, int at, IpfwVersion version, int type, int index, int set, String name) {
    to.putShort(at + IpfwAbi.TLV_TYPE, (short) type);
    to.putInt(at + IpfwAbi.TLV_LENGTH, IpfwAbi.NTLV_SIZE);
    version.putNumber(to, at + IpfwAbi.NTLV_IDX, index);
    to.put(at + version.ntlvSet, (byte) set);
    to.put(at + IpfwAbi.NTLV_NAME, name.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads a list that begins at an offset. */
  static IpfwObjects read(ByteBuffer from, int offset, IpfwVersion version) {
    IpfwObjects read = new IpfwObjects();
    int end = offset + from.getInt(offset + IpfwAbi.TLV_LENGTH);
    int size = from.getShort(offset + IpfwAbi.CTLV_OBJSIZE) & 0xffff;
    if (size < IpfwAbi.NTLV_SIZE || end > from.limit()) {
      throw new IllegalArgumentException("names of " + size + " bytes each");
    }
    for (int at = offset + IpfwAbi.CTLV_SIZE; at + size <= end; at += size) {
      int type = from.getShort(at + IpfwAbi.TLV_TYPE) & 0xffff;
      int index = version.getNumber(from, at + IpfwAbi.NTLV_IDX);
      String name = text(from, at + IpfwAbi.NTLV_NAME, IpfwAbi.NTLV_NAME_SIZE);
      read.objects.add(new Named(type, index, name));
    }
    return read;
  }

  /** Returns a string that ends with a zero byte or fills its field. */
  static String text(ByteBuffer from, int offset, int size) {
    byte[] bytes = new byte[size];
    from.get(offset, bytes);
    int length = 0;
    while (length < size && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }
}
