// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOMEM;

import java.util.Arrays;
import java.util.Optional;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Memory;

/**
 * Reads and sets system variables, see sysctl(3). A variable that exists per stack is that of the
 * calling thread's stack, whatever sockets are open; the helper reads and sets those of a jail.
 */
public final class SysctlCalls {
  private static final int MIB_ROOM = 24;
  private static final int TRIES = 8;

  private final Syscalls kernel;

  public SysctlCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Reads a variable by name. */
  public byte[] read(String name) {
    Memory text = Memory.of(name);
    return fetch(
            "sysctl",
            name,
            0,
            (old, size) ->
                kernel.libc().sysctlbyname(text.address(), old.address(), size.address(), 0, 0),
            text)
        .orElseThrow();
  }

  /** Reads a variable by number; the name appears in the error. */
  public byte[] read(int[] mib, String name) {
    return find(mib, name, 0).orElseThrow();
  }

  /**
   * Reads a variable as {@link #read(int[], String)} does; empty if the call fails with the error
   * number {@code absent}.
   */
  public Optional<byte[]> find(int[] mib, String name, int absent) {
    Memory path = ints(mib);
    return fetch(
        "sysctl",
        name,
        absent,
        (old, size) ->
            kernel.libc().sysctl(path.pointer(), mib.length, old.address(), size.address(), 0, 0),
        path);
  }

  /** Reads an int by name; empty if this kernel has no such variable. */
  public Optional<Integer> findInt(String name) {
    Memory text = Memory.of(name);
    Memory value = Memory.allocate(Integer.BYTES);
    Memory size = Memory.allocate(Long.BYTES).putLong(0, Integer.BYTES);
    long rc =
        kernel.attempt(
            () -> kernel.libc().sysctlbyname(text.address(), value.address(), size.address(), 0, 0),
            new Memory[] {text, value, size});
    if (rc == -ENOENT) {
      return Optional.empty();
    }
    succeed("sysctl", name, rc);
    return Optional.of(value.getInt(0));
  }

  /** Sets an int by name. */
  public void set(String name, int value) {
    Memory text = Memory.of(name);
    Memory content = Memory.ofInt(value);
    kernel.check(
        "sysctl",
        name,
        () -> kernel.libc().sysctlbyname(text.address(), 0, 0, content.address(), Integer.BYTES),
        new Memory[] {text, content});
  }

  /** Returns a variable's number; empty if this kernel has no such variable. */
  public Optional<int[]> mib(String name) {
    Memory question = ints(new int[] {0, 3});
    Memory text = Memory.of(name);
    Memory answer = Memory.allocate(MIB_ROOM * Integer.BYTES);
    Memory size = Memory.allocate(Long.BYTES).putLong(0, answer.size());
    long rc =
        kernel.attempt(
            () ->
                kernel
                    .libc()
                    .sysctl(
                        question.pointer(),
                        2,
                        answer.address(),
                        size.address(),
                        text.address(),
                        text.size() - 1L),
            new Memory[] {question, text, answer, size});
    if (rc == -ENOENT) {
      return Optional.empty();
    }
    succeed("sysctl", name, rc);
    int[] mib = new int[(int) size.getLong(0) / Integer.BYTES];
    Arrays.setAll(mib, i -> answer.getInt(i * Integer.BYTES));
    return Optional.of(mib);
  }

  /** A read into a buffer that may be too small, since the value may grow meanwhile. */
  private interface Reading {
    int into(Memory old, Memory size);
  }

  private Optional<byte[]> fetch(
      String call, String name, int absent, Reading reading, Memory held) {
    long room = 1024;
    for (int i = 0; i < TRIES; i++) {
      Memory old = Memory.allocate((int) room);
      Memory size = Memory.allocate(Long.BYTES).putLong(0, room);
      long rc = kernel.attempt(() -> reading.into(old, size), new Memory[] {old, size, held});
      if (rc != -ENOMEM) {
        if (absent != 0 && rc == -absent) {
          return Optional.empty();
        }
        succeed(call, name, rc);
        return Optional.of(old.get(0, (int) size.getLong(0)));
      }
      room *= 4;
    }
    throw Syscalls.refusal(call, name, ENOMEM, null);
  }

  private static void succeed(String call, String name, long rc) throws VnetException {
    if (rc < 0) {
      throw Syscalls.refusal(call, name, (int) -rc, null);
    }
  }

  private static Memory ints(int[] values) {
    Memory memory = Memory.allocate(values.length * Integer.BYTES);
    for (int i = 0; i < values.length; i++) {
      memory.putInt(i * Integer.BYTES, values[i]);
    }
    return memory;
  }
}
