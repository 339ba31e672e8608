// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.sys.KernelAbi.KENV_DUMP;
import static org.vnet4j.freebsd.sys.KernelAbi.KENV_GET;
import static org.vnet4j.freebsd.sys.KernelAbi.KENV_MVALLEN;
import static org.vnet4j.freebsd.sys.KernelAbi.KENV_SET;
import static org.vnet4j.freebsd.sys.KernelAbi.KENV_UNSET;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vnet4j.posix.libc.Memory;

/**
 * Reads and changes the kernel environment, see kenv(2). The kernel rejects changes from inside a
 * jail.
 */
public final class KenvCalls {
  private final Syscalls kernel;

  public KenvCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Returns the value of a variable; empty if it is not set. */
  public Optional<String> get(String variable) {
    Memory name = Memory.of(variable);
    Memory value = Memory.allocate(KENV_MVALLEN + 1);
    long rc =
        kernel.attempt(
            () -> kernel.libc().kenv(KENV_GET, name.address(), value.address(), value.size()),
            new Memory[] {name, value});
    if (rc == -ENOENT) {
      return Optional.empty();
    }
    if (rc < 0) {
      throw Syscalls.refusal("kenv", variable, (int) -rc, null);
    }
    return Optional.of(value.getString());
  }

  /** Returns all variables. The kernel writes each as {@code name=value} and a NUL. */
  public Map<String, String> all() {
    int room = 1 << 14;
    while (true) {
      Memory list = Memory.allocate(room);
      int needed =
          (int)
              kernel.check(
                  "kenv",
                  "all variables",
                  () -> kernel.libc().kenv(KENV_DUMP, 0, list.address(), list.size()),
                  list);
      if (needed == 0) {
        Map<String, String> variables = new TreeMap<>();
        for (String line : new String(list.toArray(), StandardCharsets.UTF_8).split("\0")) {
          int equals = line.indexOf('=');
          if (equals > 0) {
            variables.put(line.substring(0, equals), line.substring(equals + 1));
          }
        }
        return variables;
      }
      // A variable may be added between the two calls.
      room = needed + 1024;
    }
  }

  /** Sets a variable. EINVAL: the name or the value is longer than 128 bytes. */
  public void set(String variable, String content) {
    Memory name = Memory.of(variable);
    Memory value = Memory.of(content);
    kernel.check(
        "kenv",
        variable,
        () -> kernel.libc().kenv(KENV_SET, name.address(), value.address(), value.size()),
        new Memory[] {name, value});
  }

  /** Removes a variable. ENOENT: it is not set. */
  public void unset(String variable) {
    Memory name = Memory.of(variable);
    kernel.check(
        "kenv", variable, () -> kernel.libc().kenv(KENV_UNSET, name.address(), 0, 0), name);
  }
}
