// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;

/**
 * A block of zeroed memory outside the heap that a system call reads or writes.
 *
 * <p>A block keeps the blocks to which it points reachable, so one reachability fence after the
 * call is enough for all of them.
 */
public final class Memory {
  private final ByteBuffer bytes;
  private final long address;
  private List<Memory> pointees = List.of();

  private Memory(int size) {
    bytes = ByteBuffer.allocateDirect(Math.max(size, 1)).order(ByteOrder.nativeOrder());
    address = Pointer.wrap(Native.runtime(), bytes).address();
    bytes.limit(size);
  }

  private Memory(ByteBuffer direct) {
    bytes = direct;
    address = Pointer.wrap(Native.runtime(), direct).address();
  }

  /** Returns a block over an existing direct buffer in native byte order, from 0 to its limit. */
  public static Memory wrap(ByteBuffer direct) {
    return new Memory(direct);
  }

  public static Memory allocate(int size) {
    return new Memory(size);
  }

  /** Returns a block that contains a C string. */
  public static Memory of(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in a string for the kernel");
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return allocate(utf8.length + 1).put(0, utf8);
  }

  public static Memory of(byte[] content) {
    return allocate(content.length).put(0, content);
  }

  public static Memory ofInt(int value) {
    return allocate(Integer.BYTES).putInt(0, value);
  }

  /** Returns an array of addresses that a null address ends; it keeps the strings reachable. */
  public static Memory vector(List<Memory> strings) {
    Memory vector = allocate((strings.size() + 1) * Long.BYTES);
    for (int i = 0; i < strings.size(); i++) {
      vector.point(i * Long.BYTES, strings.get(i));
    }
    return vector;
  }

  /** Returns the memory as a direct buffer in native byte order; use its absolute methods. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Keeps this memory, and what it points to, reachable until here. */
  public void keep() {
    Reference.reachabilityFence(this);
  }

  public int size() {
    return bytes.limit();
  }

  public long address() {
    return address;
  }

  /** Returns a pointer to the memory, for functions that take one instead of a number. */
  public Pointer pointer() {
    return Pointer.wrap(Native.runtime(), address);
  }

  public Memory put(int offset, byte[] content) {
    bytes.put(offset, content);
    return this;
  }

  public Memory putByte(int offset, int value) {
    bytes.put(offset, (byte) value);
    return this;
  }

  public Memory putShort(int offset, int value) {
    bytes.putShort(offset, (short) value);
    return this;
  }

  /** Writes a number of 16 bits in network byte order, as for ports. */
  public Memory putPort(int offset, int value) {
    bytes.put(offset, (byte) (value >> 8));
    bytes.put(offset + 1, (byte) value);
    return this;
  }

  public Memory putInt(int offset, int value) {
    bytes.putInt(offset, value);
    return this;
  }

  public Memory putLong(int offset, long value) {
    bytes.putLong(offset, value);
    return this;
  }

  public Memory point(int offset, Memory target) {
    if (pointees.isEmpty()) {
      pointees = new ArrayList<>();
    }
    pointees.add(target);
    return putLong(offset, target.address);
  }

  public int getByte(int offset) {
    return Byte.toUnsignedInt(bytes.get(offset));
  }

  public int getShort(int offset) {
    return Short.toUnsignedInt(bytes.getShort(offset));
  }

  public int getPort(int offset) {
    return getByte(offset) << 8 | getByte(offset + 1);
  }

  public int getInt(int offset) {
    return bytes.getInt(offset);
  }

  public long getLong(int offset) {
    return bytes.getLong(offset);
  }

  public byte[] get(int offset, int length) {
    byte[] copy = new byte[length];
    bytes.get(offset, copy);
    return copy;
  }

  public byte[] toArray() {
    return get(0, size());
  }

  /** Returns the text up to the first NUL, or up to the end of the field. */
  public String getString(int offset, int room) {
    int length = 0;
    while (length < room && bytes.get(offset + length) != 0) {
      length++;
    }
    return new String(get(offset, length), StandardCharsets.UTF_8);
  }

  public String getString() {
    return getString(0, size());
  }
}
