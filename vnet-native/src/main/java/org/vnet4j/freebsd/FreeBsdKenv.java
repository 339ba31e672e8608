// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.net.Errno.ENOENT;

import java.util.Map;
import java.util.Optional;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.KenvCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.spi.KenvDriver;

/** Reads and changes the kernel environment by kenv(2). */
final class FreeBsdKenv implements KenvDriver {
  private final KenvCalls calls;

  FreeBsdKenv(Syscalls kernel) {
    calls = new KenvCalls(kernel);
  }

  @Override
  public Optional<String> get(String name) {
    return FreeBsdErrors.ofKernel(() -> calls.get(name));
  }

  @Override
  public void set(String name, String value) {
    FreeBsdErrors.ofKernel(
        () -> {
          calls.set(name, value);
          return value;
        });
  }

  @Override
  public void unset(String name) {
    FreeBsdErrors.ofKernel(
        () -> {
          try {
            calls.unset(name);
          } catch (VnetException e) {
            if (!e.isErrno(ENOENT)) {
              throw e;
            }
          }
          return name;
        });
  }

  @Override
  public Map<String, String> all() {
    return FreeBsdErrors.ofKernel(calls::all);
  }
}
