// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.StandardCharsets;

/**
 * Copies to and from the memory of the calling process by address, as copyin(9) and copyout(9) do.
 */
public final class UserMemory {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private UserMemory() {}

  public static byte[] copyIn(long address, int size) {
    byte[] bytes = new byte[size];
    if (size > 0) {
      MEMORY.getByteArray(checked(address), bytes, 0, size);
    }
    return bytes;
  }

  public static void copyOut(long address, byte[] bytes, int size) {
    if (size > 0) {
      MEMORY.putByteArray(checked(address), bytes, 0, size);
    }
  }

  public static void copyOut(long address, byte[] bytes) {
    copyOut(address, bytes, bytes.length);
  }

  static long getLong(long address) {
    return MEMORY.getLong(checked(address));
  }

  static int getInt(long address) {
    return MEMORY.getInt(checked(address));
  }

  static void putLong(long address, long value) {
    MEMORY.putLong(checked(address), value);
  }

  public static void putInt(long address, int value) {
    MEMORY.putInt(checked(address), value);
  }

  /**
   * Reads a NUL-terminated string of at most {@code room} bytes; throws ENAMETOOLONG without a NUL.
   */
  public static String copyInString(long address, int room) {
    checked(address);
    for (int length = 0; length < room; length++) {
      if (MEMORY.getByte(address + length) == 0) {
        return new String(copyIn(address, length), StandardCharsets.UTF_8);
      }
    }
    throw new SysError("ENAMETOOLONG");
  }

  private static long checked(long address) {
    if (address >= 0 && address < 4096) {
      throw new SysError("EFAULT");
    }
    return address;
  }
}
