// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernel environment: kenv(2), as in kern/kern_environment.c. */
final class SimKenv {
  private static final int LONGEST_NAME = 128;

  private final Map<String, String> variables = new LinkedHashMap<>();

  int call(SimProcess process, int action, long nameAddress, long valueAddress, int size) {
    if (action == FreeBsdAbi.constant("KENV_DUMP")) {
      return dump(valueAddress, size);
    }
    String name = text(nameAddress, LONGEST_NAME + 1);
    if (action == FreeBsdAbi.constant("KENV_GET")) {
      return get(name, valueAddress, size);
    }
    process.checkHostRoot();
    if (action == FreeBsdAbi.constant("KENV_SET")) {
      if (size < 1) {
        throw new SysError("EINVAL");
      }
      variables.put(
          name, text(valueAddress, Math.min(size, FreeBsdAbi.constant("KENV_MVALLEN") + 1)));
      return 0;
    }
    if (action == FreeBsdAbi.constant("KENV_UNSET")) {
      if (variables.remove(name) == null) {
        throw new SysError("ENOENT");
      }
      return 0;
    }
    throw new SysError("EINVAL");
  }

  @Nullable String value(String name) {
    return variables.get(name);
  }

  /** Reads a string of the caller; reports a string that is too long as EINVAL. */
  private static String text(long address, int room) {
    try {
      return UserMemory.copyInString(address, room);
    } catch (SysError e) {
      throw e.errno == FreeBsdAbi.constant("ENAMETOOLONG") ? new SysError("EINVAL") : e;
    }
  }

  /**
   * Writes as many bytes of the environment as fit. Returns 0 if all did, else the size it needs.
   */
  private int dump(long address, int size) {
    StringBuilder all = new StringBuilder();
    variables.forEach((name, value) -> all.append(name).append('=').append(value).append('\0'));
    byte[] bytes = all.toString().getBytes(StandardCharsets.UTF_8);
    int length = address == 0 ? 0 : Math.min(bytes.length, size);
    if (length > 0) {
      UserMemory.copyOut(address, bytes, length);
    }
    return length == bytes.length ? 0 : bytes.length;
  }

  private int get(String name, long address, int size) {
    String value = variables.get(name);
    if (value == null) {
      throw new SysError("ENOENT");
    }
    byte[] bytes = (value + "\0").getBytes(StandardCharsets.UTF_8);
    UserMemory.copyOut(address, bytes, Math.min(bytes.length, size));
    return bytes.length;
  }
}
