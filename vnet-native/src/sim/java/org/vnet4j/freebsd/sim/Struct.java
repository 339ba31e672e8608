// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A C structure in the kernel's memory, read and written by its field names. */
public final class Struct {
  private final String type;
  private final ByteBuffer bytes;
  private final int base;

  public Struct(String type, byte[] bytes, int base) {
    this.type = type;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.base = base;
  }

  public Struct(String type, byte[] bytes) {
    this(type, bytes, 0);
  }

  public Struct(String type) {
    this(type, new byte[FreeBsdAbi.size(type)]);
  }

  public byte[] array() {
    return bytes.array();
  }

  public int at(String field) {
    return base + FreeBsdAbi.offset(type, field);
  }

  /** Returns the structure nested in a field. */
  public Struct part(String field, String partType) {
    return new Struct(partType, bytes.array(), at(field));
  }

  public int getByte(String field) {
    return bytes.get(at(field)) & 0xff;
  }

  public int getShort(String field) {
    return bytes.getShort(at(field)) & 0xffff;
  }

  public int getInt(String field) {
    return bytes.getInt(at(field));
  }

  public long getLong(String field) {
    return bytes.getLong(at(field));
  }

  public byte[] get(String field, int size) {
    return Arrays.copyOfRange(bytes.array(), at(field), at(field) + size);
  }

  /** Returns a text up to its NUL, or the whole field if it has none. */
  public String getText(String field) {
    byte[] room = get(field, FreeBsdAbi.constant("IFNAMSIZ"));
    int length = 0;
    while (length < room.length && room[length] != 0) {
      length++;
    }
    return new String(room, 0, length, StandardCharsets.UTF_8);
  }

  public Struct put(String field, byte[] value) {
    System.arraycopy(value, 0, bytes.array(), at(field), value.length);
    return this;
  }

  /** Writes a text and fills the field, IFNAMSIZ bytes long, with zeros. */
  public Struct putText(String field, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return put(field, Arrays.copyOf(text, FreeBsdAbi.constant("IFNAMSIZ")));
  }

  public Struct putByte(String field, int value) {
    bytes.put(at(field), (byte) value);
    return this;
  }

  public Struct putShort(String field, int value) {
    bytes.putShort(at(field), (short) value);
    return this;
  }

  public Struct putInt(String field, int value) {
    bytes.putInt(at(field), value);
    return this;
  }

  public Struct putLong(String field, long value) {
    bytes.putLong(at(field), value);
    return this;
  }
}
