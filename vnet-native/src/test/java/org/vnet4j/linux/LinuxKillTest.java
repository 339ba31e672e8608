// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.contract.kit.Programs;

/** Kills programs at random moments; a sweep after each must leave the machine as before. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "network namespaces are of Linux")
class LinuxKillTest {
  private static final boolean SOAK = Boolean.getBoolean("vnet.soak");

  /** Kills about 30 programs here, with -Psoak more than 300. */
  @Test
  @Timeout(1800)
  void whatever_is_killed_and_when_a_sweep_leaves_the_machine_as_it_was() throws Exception {
    long seed = Long.getLong("vnet.seed", System.nanoTime());
    isFine(seed, KillArena.class, SOAK ? "76" : "7", "4", SOAK ? "300" : "30", Long.toString(seed));
  }

  @Test
  @Timeout(600)
  void a_topology_of_which_a_part_was_applied_is_swept_or_removed_by_its_name() throws Exception {
    long seed = Long.getLong("vnet.seed", System.nanoTime());
    isFine(seed, ApplyArena.class, SOAK ? "90" : "6", Long.toString(seed));
  }

  @Test
  @Timeout(300)
  void programs_side_by_side_lose_nothing_and_a_sweep_takes_only_what_is_of_the_dead()
      throws Exception {
    long seed = Long.getLong("vnet.seed", System.nanoTime() / 1000);
    isFine(seed, RaceArena.class, SOAK ? "120" : "4", Long.toString(seed));
  }

  private static void isFine(long seed, Class<?> main, String... arguments) throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    Programs.need("unshare");
    List<String> said = new ArrayList<>();
    Process arena = Jvm.startAlone(main, arguments);
    try {
      arena.inputReader().lines().peek(System.out::println).forEach(said::add);
      assertThat(said).as("seed " + seed).last().isEqualTo("ok");
    } finally {
      arena.destroyForcibly();
    }
  }
}
