// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.net.Errno.ENOENT;

import java.util.Map;
import java.util.Optional;
import org.vnet4j.VnetException;
import org.vnet4j.spi.KenvDriver;

/** Reads and changes the kernel environment by kenv(2). */
final class FreeBsdKenv implements KenvDriver {
  private final KenvCalls calls;

  FreeBsdKenv(Syscalls kernel) {
    calls = new KenvCalls(kernel);
  }

  @Override
  public Optional<String> get(String name) {
    return Refusals.ofKernel(() -> calls.get(name));
  }

  @Override
  public void set(String name, String value) {
    Refusals.ofKernel(
        () -> {
          calls.set(name, value);
          return value;
        });
  }

  @Override
  public void unset(String name) {
    Refusals.ofKernel(
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
    return Refusals.ofKernel(calls::all);
  }
}
