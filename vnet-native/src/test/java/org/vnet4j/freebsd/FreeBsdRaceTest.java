// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Disturbance;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/**
 * Runs two Vnets that disturb each other on one simulated machine. The contract tests the threads
 * of a single Vnet.
 */
@Timeout(240)
class FreeBsdRaceTest {
  private static final int THREADS = 8;

  private final SimMachine machine = new SimMachine().ipfw();

  @Test
  void a_jail_that_another_vnet_removes_gives_typed_errors_only() throws Exception {
    Set<String> before = machine.leftovers();
    long seed = Long.getLong("vnet.seed", System.nanoTime());
    try (Vnet one = machine.open();
        Vnet other = machine.open()) {
      Disturbance disturbance = new Disturbance(one, other, SimMachine.lacks().isEmpty());
      // A removal gives up after a while if a socket of the other Vnet keeps the jail dying.
      disturbance.afterRemoval(
          () -> assertThat(machine.kernel.jails()).as("dying").doesNotContain("target"));
      disturbance.run(THREADS, seed);
      System.out.println("FreeBsdRaceTest: seed " + seed + ", " + disturbance);
      assertThat(one.jls()).isEmpty();
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }
}
