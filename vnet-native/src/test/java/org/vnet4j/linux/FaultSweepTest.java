// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
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
    List<List<String>> groups =
        List.of(
            List.of("open", "jail", "nested", "moves", "bridge", "kinds"),
            List.of("addresses", "routes", "listing", "exec", "sockets", "captures"));
    List<Process> sweeps = new ArrayList<>();
    try {
      for (List<String> group : groups) {
        sweeps.add(start(group));
      }
      for (Process sweep : sweeps) {
        String said = new String(sweep.getInputStream().readAllBytes());
        System.out.print(said);
        assertThat(sweep.waitFor()).as(said).isZero();
      }
    } finally {
      sweeps.forEach(Process::destroyForcibly);
    }
  }

  private static Process start(List<String> scenarios) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(ALL ? ALL_SECONDS : SAMPLE_SECONDS));
    arguments.add(Long.toString(System.nanoTime()));
    arguments.addAll(scenarios);
    return Jvm.start(FaultSweep.class, arguments.toArray(String[]::new));
  }
}
