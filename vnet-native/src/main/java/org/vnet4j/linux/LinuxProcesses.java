// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Exec;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Helper;
import org.vnet4j.posix.StackProcess;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.ProcessSpec;

/** Processes started in one namespace by the helper. */
final class LinuxProcesses implements ProcessDriver {
  private final LinuxStack stack;

  LinuxProcesses(LinuxStack stack) {
    this.stack = stack;
  }

  @Override
  public Process start(ProcessSpec spec) {
    Helper helper = stack.kernel().helper();
    try {
      String hostname = stack.kernel().hostname(stack.jid());
      return stack.here(() -> StackProcess.start(helper, stack.ref(), spec, hostname));
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElseThrow(() -> e);
      throw new Exec.StartException(error, hint(error, spec));
    }
  }

  private static @Nullable String hint(KernelError error, ProcessSpec spec) {
    return switch (error.call()) {
      case "execve" ->
          error.is("ENOENT")
              ? "no such program on the PATH " + spec.environment().getOrDefault("PATH", "(none)")
              : null;
      case "chdir" -> "the directory to start in is " + spec.directory();
      case "getpwnam" -> "no user " + spec.user();
      case "initgroups", "setgid", "setuid" ->
          "only root may start a program as another user (" + spec.user() + ")";
      default -> null;
    };
  }

  /** The helper itself plays the hook; it knows by its name that it is to. */
  @Override
  public Path leaseHook(Path directory) {
    try {
      Path program = Path.of("/proc", Long.toString(stack.kernel().helper().pid()), "exe");
      return Files.createSymbolicLink(directory.resolve("lease-hook"), program);
    } catch (IOException e) {
      throw new VnetException("cannot make the lease hook: " + e.getMessage(), e);
    }
  }
}
