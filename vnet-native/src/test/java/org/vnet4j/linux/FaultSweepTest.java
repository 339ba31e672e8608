// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Makes each libc call fail in each way, on the real kernel; see {@link FaultSweep}. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the faults are those of Linux's calls")
class FaultSweepTest {
  private static final boolean ALL = Boolean.getBoolean("vnet.soak");
  private static final int SAMPLE_SECONDS = 20;
  private static final int ALL_SECONDS = 5400;

  /** The scenarios to run; empty to run all. */
  private static final String CHOSEN = System.getProperty("vnet.scenarios", "");

  /** Tries a sample of the faults that -Psoak tries, and prints its seed. */
  @Test
  @Timeout(2 * ALL_SECONDS)
  void a_call_that_goes_wrong_anywhere_is_told_and_leaves_all_as_it_was() throws Exception {
    Machine.sandbox().close();
    sweep(
        sandbox("open jail nested moves bridge kinds"),
        sandbox("addresses routes listing exec sockets captures"));
  }

  /** Tries firewalls, rules on trial, events, captures, shaped epairs and whole networks. */
  @Test
  @Timeout(2 * ALL_SECONDS)
  void so_it_is_in_what_listens_and_filters_and_on_the_machine_itself() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    sweep(
        sandbox("ipfw trial pf ipf events capture shaping topology"),
        machine("open jail nested moves kinds"));
  }

  private static Optional<Process> sandbox(String scenarios) throws IOException {
    Optional<String[]> arguments = arguments("sandbox", scenarios);
    return arguments.isEmpty()
        ? Optional.empty()
        : Optional.of(Jvm.start(FaultSweep.class, arguments.get()));
  }

  private static Optional<Process> machine(String scenarios) throws IOException {
    Optional<String[]> arguments = arguments("machine", scenarios);
    return arguments.isEmpty()
        ? Optional.empty()
        : Optional.of(Jvm.startAlone(FaultSweep.class, arguments.get()));
  }

  private static Optional<String[]> arguments(String where, String scenarios) {
    String chosen =
        Stream.of(scenarios.split(" "))
            .filter(name -> CHOSEN.isEmpty() || List.of(CHOSEN.split("[ ,]+")).contains(name))
            .collect(Collectors.joining(" "));
    int seconds = ALL ? ALL_SECONDS : SAMPLE_SECONDS;
    String all = seconds + " " + System.nanoTime() + " " + where + " " + chosen;
    return chosen.isEmpty() ? Optional.empty() : Optional.of(all.split(" "));
  }

  private static void sweep(Optional<Process> one, Optional<Process> other) throws Exception {
    List<Process> sweeps = Stream.of(one, other).flatMap(Optional::stream).toList();
    try {
      for (Process sweep : sweeps) {
        String said = new String(sweep.getInputStream().readAllBytes());
        System.out.print(said);
        assertThat(sweep.waitFor()).as(said).isZero();
      }
    } finally {
      sweeps.forEach(Process::destroyForcibly);
    }
  }
}
