// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Vnet;
import org.vnet4j.posix.fault.FaultyLibc;
import org.vnet4j.posix.fault.LibcFault;
import org.vnet4j.posix.libc.Errno;

/** The ends of programs are noticed although a poll for them fails. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the faults are those of Linux")
@Timeout(120)
final class PollFaultTest {

  @Test
  void a_poll_that_fails_does_not_wait_for_the_program_that_still_runs() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(Jvm.linesOf(Jvm.startAlone(Scene.class))).containsExactly("failed, ended");
  }

  /** The thread that polls for a program polls once more when a second one has been started. */
  static final class Scene {
    private Scene() {}

    public static void main(String[] args) throws Exception {
      FaultyLibc libc = FaultyLibc.install();
      try (Vnet vnet = Vnet.sandbox()) {
        Process running = vnet.host().exec("cat").start();
        int nomem = Errno.LINUX.numberOf("ENOMEM");
        libc.choose(true, "poll", 0, new LibcFault(LibcFault.Kind.FAILS, nomem));
        Process second = vnet.host().exec("true").start();
        boolean ended = second.waitFor(20, TimeUnit.SECONDS);
        System.out.println((libc.happened() ? "failed" : "") + (ended ? ", ended" : ""));
        running.destroyForcibly();
      }
    }
  }
}
