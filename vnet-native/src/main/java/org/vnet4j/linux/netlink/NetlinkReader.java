// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Iterates over netlink attributes, in place. Checks the lengths that the kernel sends: an
 * attribute that does not fit ends the iteration.
 *
 * <p>Use: {@code for (reader.over(from, to); reader.next(); ) switch (reader.type()) ...}
 */
public final class NetlinkReader {
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private ByteBuffer buffer;
  private int at;
  private int end;
  private int next;
  private int length;
  private int type;

  /** Creates a reader over a direct buffer in native byte order. */
  public NetlinkReader(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** Creates a reader over nothing; {@link #over(ByteBuffer, int, int)} sets its buffer. */
  public NetlinkReader() {
    this(NOTHING);
  }

  /** Starts an iteration over a range of another buffer. */
  public NetlinkReader over(ByteBuffer other, int from, int to) {
    buffer = other;
    return over(from, to);
  }

  /** Starts an iteration over a range of the buffer. */
  public NetlinkReader over(int from, int to) {
    next = from;
    end = Math.min(to, buffer.capacity());
    return this;
  }

  /** Returns a reader over the attributes nested in the current one. */
  public NetlinkReader nested() {
    return new NetlinkReader(buffer).over(at + 4, at + length);
  }

  public boolean next() {
    if (next + 4 > end) {
      return false;
    }
    at = next;
    int header = buffer.getInt(at); // reads both at once: a link has some fifty attributes
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

  /** Returns the position where the iteration starts, before the first {@link #next}. */
  public int start() {
    return next;
  }

  /** Returns the position where the iteration ends. */
  public int limit() {
    return end;
  }

  /** Returns the length of the value in bytes. */
  public int size() {
    return length - 4;
  }

  /** Returns the position of the value. */
  public int value() {
    return at + 4;
  }

  /** Returns six bytes as a number, the first byte highest; the caller has checked the size. */
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

  /** Returns a number in network byte order, which nfnetlink uses. */
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

  /** Returns the length of a text without the NUL at its end. */
  public int textLength() {
    int size = size();
    while (size > 0 && buffer.get(at + 4 + size - 1) == 0) {
      size--;
    }
    return size;
  }

  /** Returns a text without the NUL at its end. */
  public String text() {
    byte[] value = new byte[textLength()];
    buffer.get(at + 4, value);
    return new String(value, StandardCharsets.UTF_8);
  }
}
