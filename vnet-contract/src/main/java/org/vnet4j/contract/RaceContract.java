// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.contract.kit.Disturbance;
import org.vnet4j.contract.kit.ParallelThreads;
import org.vnet4j.contract.topology.RandomNetwork;
import org.vnet4j.firewall.Action;

/** Tests several threads that use one Vnet. */
public abstract class RaceContract extends Contract {
  private static final int THREADS = 8;

  @Test
  void threads_build_and_tear_down_networks_and_none_loses_or_leaves_anything() throws Exception {
    loadIpfw();
    List<String> before = names();
    long seed = Long.getLong("vnet.seed", System.nanoTime());
    AtomicInteger steps = new AtomicInteger();
    long end = System.nanoTime() + ParallelThreads.RACE;
    ParallelThreads.work(
        THREADS,
        ParallelThreads.RACE,
        number ->
            () ->
                steps.addAndGet(
                    new RandomNetwork(vnet, "t" + number + "x", seed + number).until(end)));
    System.out.println("RaceContract: seed " + seed + ", " + steps + " steps");
    assertThat(vnet.jls()).isEmpty();
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void a_jail_that_is_removed_under_others_hands_gives_them_typed_errors_only() throws Exception {
    loadIpfw();
    List<String> before = names();
    long seed = Long.getLong("vnet.seed", System.nanoTime());
    Disturbance disturbance = new Disturbance(vnet, vnet, carriesTraffic());
    disturbance.run(THREADS, seed);
    System.out.println("RaceContract: seed " + seed + ", " + disturbance);
    new RandomNetwork(vnet, "after", seed).until(System.nanoTime() + ParallelThreads.RACE / 10);
    assertThat(vnet.jls()).isEmpty();
    assertThat(names()).isEqualTo(before);
  }

  private void loadIpfw() {
    if (vnet.has(Capability.IPFW)) {
      vnet.modules().loadIpfw(Action.Plain.ALLOW);
    }
  }

  private List<String> names() {
    return host.ifconfig().stream().map(InterfaceInfo::name).toList();
  }
}
