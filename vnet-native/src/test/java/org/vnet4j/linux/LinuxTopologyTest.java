// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
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
  void five_hundred_hosts_on_a_switch_are_pinged_with_entered_neighbours() {
    try (Vnet vnet = Machine.sandbox()) {
      Topology star = Topologies.star("star", 500).addressed("10.0.0.0/16");
      Network network = timed("applied", () -> star.apply(vnet));

      Reachability all =
          timed("pinged", () -> network.pingAllWithEnteredNeighbours(Duration.ofSeconds(5)));

      System.out.println("500 hosts on a switch: " + times + " ms");
      assertThat(all.isComplete()).as(all.unreachable().size() + " not reached").isTrue();
      assertThat(all.pairs()).isEqualTo(500 * 499);
      assertThat(permanent(network, "h1")).isEmpty();
      assertThat(permanent(network, "h500")).isEmpty();
    }
  }

  @Test
  void an_entered_neighbour_takes_no_place_of_a_users_and_leaves_with_the_pings() {
    try (Vnet vnet = Machine.sandbox()) {
      Topology lan =
          Topology.named("lan")
              .switches("sw")
              .routers("r")
              .hosts("a", "b", "far")
              .link("a", "sw")
              .link("b", "sw")
              .link("r", "sw")
              .link("r", "far")
              .build()
              .addressed("10.0.0.0/16")
              .addressed("2001:db8::/48")
              .routed();
      Network network = lan.apply(vnet);
      Reachability before = network.pingAllWithEnteredNeighbours(Duration.ofSeconds(5));
      assertThat(before.isComplete()).as(before.toString()).isTrue();
      assertThat(permanent(network, "a")).isEmpty();
      String users = "10.0.0.3 lladdr 02:00:00:00:00:42";
      ip(network, "a", "neigh replace " + users + " dev to-sw");

      Reachability all = network.pingAllWithEnteredNeighbours(Duration.ofMillis(200));

      assertThat(all.unreachable())
          .extracting(lost -> lost.from() + " " + lost.to())
          .containsExactlyInAnyOrder("a b", "b a");
      assertThat(permanent(network, "a")).singleElement().asString().contains("10.0.0.3");
    }
  }

  @Test
  void neighbours_are_not_entered_in_a_network_that_persists() {
    try (Vnet vnet = Machine.sandbox()) {
      Network network =
          Topologies.line("line", 2).addressed("10.0.0.0/16").plan(vnet).persist().apply();

      assertThatThrownBy(() -> network.pingAllWithEnteredNeighbours(Duration.ofSeconds(1)))
          .isInstanceOf(VnetException.class)
          .hasMessageStartingWith("topology line persists");
    }
  }

  private static String ip(Network network, String node, String command) {
    List<String> argv = new ArrayList<>(List.of("ip"));
    argv.addAll(List.of(command.split(" ")));
    return network.node(node).exec(argv).run(Duration.ofSeconds(10)).out();
  }

  private static List<String> permanent(Network network, String node) {
    return ip(network, node, "neigh show nud permanent").lines().toList();
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
