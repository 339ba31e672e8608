// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Lets each call of libc go wrong in each way, on the real kernel; see {@link FaultSweep}. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the faults are those of Linux's calls")
class FaultSweepTest {
  private static final boolean ALL = Boolean.getBoolean("vnet.soak");
  private static final int SAMPLE_SECONDS = 20;
  private static final int ALL_SECONDS = 900;

  /** A sample of what -Psoak tries; its seed is printed. */
  @Test
  @Timeout(2 * ALL_SECONDS)
  void a_call_that_goes_wrong_anywhere_is_told_and_leaves_all_as_it_was() throws Exception {
    Machine.sandbox().close();
    sweep(
        Jvm.start(FaultSweep.class, arguments("open jail nested moves bridge kinds")),
        Jvm.start(FaultSweep.class, arguments("addresses routes listing exec sockets captures")));
  }

  /** Firewalls, rules on trial, events, captures, shaped cables, whole networks. */
  @Test
  @Timeout(2 * ALL_SECONDS)
  void so_it_is_in_what_listens_and_filters_and_on_the_machine_itself() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    sweep(
        Jvm.start(FaultSweep.class, arguments("ipfw trial pf ipf events capture shaping topology")),
        Jvm.startAlone(FaultSweep.class, arguments("machine", "open jail nested moves kinds")));
  }

  private static void sweep(Process... sweeps) throws Exception {
    try {
      for (Process sweep : sweeps) {
        String said = new String(sweep.getInputStream().readAllBytes());
        System.out.print(said);
        assertThat(sweep.waitFor()).as(said).isZero();
      }
    } finally {
      List.of(sweeps).forEach(Process::destroyForcibly);
    }
  }

  private static String[] arguments(String scenarios) {
    return arguments("sandbox", scenarios);
  }

  private static String[] arguments(String where, String scenarios) {
    int seconds = ALL ? ALL_SECONDS : SAMPLE_SECONDS;
    return (seconds + " " + System.nanoTime() + " " + where + " " + scenarios).split(" ");
  }
}
