// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.io.IOException;
import java.nio.file.Path;
import org.vnet4j.VnetException;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.process.StackProcess;
import org.vnet4j.posix.process.Users;
import org.vnet4j.spi.ProcessDriver;
import org.vnet4j.spi.ProcessSpec;

/** Starts processes in one stack through the helper. */
final class FreeBsdProcesses implements ProcessDriver {
  private final FreeBsdStack stack;

  FreeBsdProcesses(FreeBsdStack stack) {
    this.stack = stack;
  }

  /** Starts a process. Its hostname is that of the jail. */
  @Override
  public Process start(ProcessSpec spec) {
    return stack.here(
        () -> StackProcess.start(stack.session().helper(), stack.ref(), spec, this::user, null));
  }

  /** A jail with a root directory of its own has users of its own, as for {@code jexec -U}. */
  private Helper.User user(String name) {
    boolean ownRoot =
        stack.jid() != 0
            && stack
                .session()
                .jails()
                .find(stack.jid())
                .filter(j -> !j.path().equals("/"))
                .isPresent();
    return ownRoot ? new Helper.User.InJail(name) : Users.find(name);
  }

  /**
   * Installs the helper program as the lease hook. The helper recognises this role by its file
   * name.
   */
  @Override
  public Path leaseHook(Path directory) {
    Path hook = directory.resolve("lease-hook");
    try {
      HelperProgram.install(hook);
      return hook;
    } catch (IOException e) {
      throw new VnetException("cannot make the lease hook: " + e.getMessage(), e);
    }
  }
}
