// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.ENOENT;

import java.util.List;
import org.vnet4j.KernelError;
import org.vnet4j.Modules;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.ModuleCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.spi.ModuleDriver;

/** Loads and lists kernel modules by kldload(2) and its siblings. */
final class FreeBsdModules implements ModuleDriver {
  private static final String SUFFIX = ".ko";

  private final ModuleCalls calls;
  private final FreeBsdCapabilities capabilities;

  FreeBsdModules(Syscalls kernel, FreeBsdCapabilities capabilities) {
    this.calls = new ModuleCalls(kernel);
    this.capabilities = capabilities;
  }

  @Override
  public void load(String name) {
    try {
      FreeBsdErrors.ofKernel(() -> loaded(name) ? 0 : calls.load(name));
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElse(null);
      if (error != null && error.isErrno(ENOENT)) {
        throw new Modules.NotFoundException(
            error, "no such file in kern.module_path, /boot/kernel and /boot/modules as a rule");
      }
      // Another program was faster, or the kernel has it built in under another name.
      if (error == null || !error.isErrno(EEXIST)) {
        throw e;
      }
    } finally {
      capabilities.forget();
    }
  }

  @Override
  public boolean loaded(String name) {
    return FreeBsdErrors.ofKernel(
        () -> calls.findFile(name).isPresent() || calls.findModule(name).isPresent());
  }

  @Override
  public List<String> list() {
    return FreeBsdErrors.ofKernel(calls::files).stream()
        .filter(file -> file.endsWith(SUFFIX))
        .map(file -> file.substring(0, file.length() - SUFFIX.length()))
        .toList();
  }
}
