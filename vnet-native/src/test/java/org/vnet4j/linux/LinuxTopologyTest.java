// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.NeighbourTable;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Plan;
import org.vnet4j.topology.Reachability;
import org.vnet4j.topology.Topologies;
import org.vnet4j.topology.Topology;

/** Applies large topologies on the real kernel and prints the times. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "this is about the Linux kernel")
@Timeout(240)
@ExtendWith(NeighbourTable.class)
class LinuxTopologyTest {
  private final Map<String, Long> times = new LinkedHashMap<>();

  private <T> T timed(String what, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    times.put(what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    return result;
  }

  @Test
  void a_fat_tree_of_117_nodes_is_applied_pinged_drawn_and_removed() {
    try (Vnet vnet = Machine.sandbox()) {
      Topology tree =
          timed(
              "computed", () -> Topologies.fatTree("fat", 6, 4).addressed("10.0.0.0/16").routed());
      assertThat(tree.nodes()).hasSize(117);
      Plan plan = timed("planned", () -> tree.plan(vnet));
      Network network = timed("applied", plan::apply);

      Reachability all = timed("pinged", () -> network.pingAll(Duration.ofSeconds(10)));

      assertThat(all.isComplete()).as(all.toString()).isTrue();
      assertThat(all.pairs()).isEqualTo(117 * 116);
      assertThat(timed("planned again", network::plan).isEmpty()).isTrue();
      assertThat(timed("drawn", () -> network.picture().toSvg())).contains(">p6e3h4<");
      timed(
          "destroyed",
          () -> {
            network.destroy();
            return true;
          });
      assertThat(vnet.jls()).isEmpty();
      System.out.println(
          "fat tree, "
              + tree.nodes().size()
              + " nodes, "
              + tree.links().size()
              + " links: "
              + times
              + " ms");
    }
  }
}
