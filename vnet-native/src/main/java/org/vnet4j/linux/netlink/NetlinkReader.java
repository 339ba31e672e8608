// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks over netlink attributes in place. What a kernel sends is believed no further than its
 * length: an attribute that does not fit ends the walk.
 *
 * <p>Use: {@code for (reader.over(from, to); reader.next(); ) switch (reader.type()) ...}
 */
public final class NetlinkReader {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private ByteBuffer buffer;
  private int at;
  private int end;
  public int next;
  private int length;
  public int type;

  /** Reads from a direct buffer in native byte order. */
  public NetlinkReader(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** Reads nothing yet. */
  public NetlinkReader() {
    this(NOTHING);
  }

  /** Begins a walk over bytes of another buffer. */
  public NetlinkReader over(ByteBuffer other, int from, int to) {
    buffer = other;
    return over(from, to);
  }

  /** Begins a walk over the bytes from one position to another. */
  public NetlinkReader over(int from, int to) {
    next = from;
    end = Math.min(to, buffer.capacity());
    return this;
  }

  /** Returns a reader over the attributes in this one. */
  public NetlinkReader nested() {
    return new NetlinkReader(buffer).over(at + 4, at + length);
  }

  public boolean next() {
    if (next + 4 > end) {
      return false;
    }
    at = next;
    int header = buffer.getInt(at); // length and type in one go: a link has some fifty of these
    length = LITTLE_ENDIAN ? header & 0xffff : header >>> 16;
    type = LITTLE_ENDIAN ? header >>> 16 : header & 0xffff;
    if (length < 4 || at + length > end) {
      next = end;
      return false;
    }
    next = at + Netlink.align(length);
    return true;
  }

  public int type() {
    return type & Netlink.NLA_TYPE_MASK;
  }

  /** Returns where the walk begins, before the first {@link #next}. */
  public int start() {
    return next;
  }

  /** Returns where the walk ends. */
  public int limit() {
    return end;
  }

  /** Returns the length of the value in bytes. */
  public int size() {
    return length - 4;
  }

  /** Returns where the value begins. */
  public int value() {
    return at + 4;
  }

  /** Returns six bytes as a number, the first one highest; the caller has checked the size. */
  public long u48() {
    long value = 0;
    for (int i = 0; i < 6; i++) {
      value = value << 8 | buffer.get(at + 4 + i) & 0xff;
    }
    return value;
  }

  public int u8() {
    return size() >= 1 ? buffer.get(at + 4) & 0xff : 0;
  }

  int u16() {
    return size() >= 2 ? buffer.getShort(at + 4) & 0xffff : 0;
  }

  public int u32() {
    return size() >= 4 ? buffer.getInt(at + 4) : 0;
  }

  /** Returns a number in the byte order of the network, as nfnetlink has them. */
  public int big() {
    return LITTLE_ENDIAN ? Integer.reverseBytes(u32()) : u32();
  }

  public long bigLong() {
    if (size() < 8) {
      return 0;
    }
    long value = u64(0);
    return LITTLE_ENDIAN ? Long.reverseBytes(value) : value;
  }

  /** Returns eight bytes at an offset in the value; the caller has checked the size. */
  public long u64(int offset) {
    return buffer.getLong(at + 4 + offset);
  }

  public byte[] bytes() {
    byte[] value = new byte[size()];
    buffer.get(at + 4, value);
    return value;
  }

  /** Returns the length of a text up to its NUL. */
  public int textLength() {
    int size = size();
    while (size > 0 && buffer.get(at + 4 + size - 1) == 0) {
      size--;
    }
    return size;
  }

  /** Returns a text up to its NUL. */
  public String text() {
    byte[] value = new byte[textLength()];
    buffer.get(at + 4, value);
    return new String(value, StandardCharsets.UTF_8);
  }
}
