// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.jail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.UserMemory;

/** The names and values of a jail call, decoded and answered as in kern/vfs_mount.c. */
public final class JailOptions {
  private static final int MOST = 65536;

  private final Map<String, Value> options = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  private record Value(byte[] content, long address) {}

  public JailOptions(long iov, int niov) {
    if (niov % 2 != 0) {
      throw new SysError("EINVAL");
    }
    int size = FreeBsdAbi.size("iovec");
    for (int i = 0; i < niov; i += 2) {
      Struct name = new Struct("iovec", UserMemory.copyIn(iov + (long) i * size, size));
      Struct value = new Struct("iovec", UserMemory.copyIn(iov + (i + 1L) * size, size));
      int nameLength = (int) name.getLong("iov_len");
      int length = (int) value.getLong("iov_len");
      if (nameLength <= 1 || nameLength > MOST || length > MOST) {
        throw new SysError("EINVAL");
      }
      byte[] text = UserMemory.copyIn(name.getLong("iov_base"), nameLength);
      if (text[nameLength - 1] != 0) {
        throw new SysError("EINVAL");
      }
      long address = value.getLong("iov_base");
      byte[] content = length == 0 ? new byte[0] : UserMemory.copyIn(address, length);
      options.put(
          new String(text, 0, nameLength - 1, StandardCharsets.UTF_8), new Value(content, address));
    }
    seen.add("errmsg");
  }

  /** Returns whether a name is present, whatever its value. */
  boolean flag(String name) {
    return bytes(name) != null;
  }

  byte @Nullable [] bytes(String name) {
    Value value = options.get(name);
    if (value == null) {
      return null;
    }
    seen.add(name);
    return value.content;
  }

  /** Returns a number; its value must have the size of an int. */
  @Nullable Integer number(String name) {
    byte[] content = bytes(name);
    if (content == null) {
      return null;
    }
    if (content.length != Integer.BYTES) {
      throw new SysError("EINVAL");
    }
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /** Returns a text. Its last byte must be NUL; the bytes after the first NUL are ignored. */
  @Nullable String text(String name, int most) {
    byte[] content = bytes(name);
    if (content == null) {
      return null;
    }
    if (content.length == 0 || content[content.length - 1] != 0) {
      throw new SysError("EINVAL");
    }
    if (content.length > most) {
      throw new SysError("ENAMETOOLONG");
    }
    int length = 0;
    while (content[length] != 0) {
      length++;
    }
    return new String(content, 0, length, StandardCharsets.UTF_8);
  }

  void checkAllSeen() {
    for (String name : options.keySet()) {
      if (!seen.contains(name)) {
        throw new SysError("EINVAL", "unknown parameter: " + name);
      }
    }
  }

  private final Map<String, byte[]> answers = new LinkedHashMap<>();

  /**
   * Answers with a number if the caller asks for it; the caller's buffer must have exactly its
   * size.
   */
  void answer(String name, int value) {
    byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    byte[] room = bytes(name);
    if (room == null) {
      return;
    }
    if (room.length != bytes.length) {
      throw new SysError("EINVAL");
    }
    answers.put(name, bytes);
  }

  /** Answers with a text; leaves the rest of the caller's buffer as it is. */
  void answer(String name, String value) {
    byte[] room = bytes(name);
    if (room == null) {
      return;
    }
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    if (text.length >= room.length) {
      throw new SysError("EINVAL");
    }
    byte[] content = room.clone();
    Arrays.fill(content, 0, text.length + 1, (byte) 0);
    System.arraycopy(text, 0, content, 0, text.length);
    answers.put(name, content);
  }

  void answerFlag(String name, boolean value) {
    answer(name, value ? 1 : 0);
    answer(JailParameterTable.negated(name), value ? 0 : 1);
  }

  /** Writes the answers to the caller's memory, once all of them are known. */
  void copyOut() {
    answers.forEach((name, content) -> UserMemory.copyOut(options.get(name).address, content));
  }

  public void copyOutErrmsg(@Nullable String text) {
    Value room = options.get("errmsg");
    if (room != null && text != null && room.content.length > 0) {
      byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), text.length() + 1);
      bytes[bytes.length - 1] = 0;
      UserMemory.copyOut(room.address, bytes, Math.min(bytes.length, room.content.length));
    }
  }
}
