// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vnet4j.VnetException;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.process.StackProcess;
import org.vnet4j.posix.process.Users;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.ProcessSpec;

/** The process driver: starts programs in one namespace by the helper. */
final class LinuxProcesses implements ProcessDriver {
  private final LinuxStack stack;

  LinuxProcesses(LinuxStack stack) {
    this.stack = stack;
  }

  @Override
  public Process start(ProcessSpec spec) {
    Helper helper = stack.kernel().helper();
    String hostname = stack.kernel().hostname(stack.jid());
    return stack.here(() -> StackProcess.start(helper, stack.ref(), spec, Users::find, hostname));
  }

  /**
   * Returns the lease hook: a link to the helper's program, which acts as the hook when called by
   * this name.
   */
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
