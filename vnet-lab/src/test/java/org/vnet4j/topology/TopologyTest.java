// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;

/** Topologies as values: what is wrong with one, which addresses and routes it gets. */
class TopologyTest {

  @Test
  void all_problems_are_told_at_once() {
    Topology.InvalidException e =
        catchThrowableOfType(
            Topology.InvalidException.class,
            () ->
                Topology.named("9lives")
                    .hosts("a", "b", "b", "-x")
                    .switches("sw")
                    .link("a", "nobody")
                    .link("a", "a")
                    .link("a", "10.0.0.0/24", "b", "10.0.0.255/24")
                    .link(Link.between("a", "sw").addresses("10.1.0.1/24", "10.1.0.2/24").mtu(20))
                    .link(Link.between("a", "b").a(end -> end.iface("lo0")))
                    .link("a", "10.2.0.1/24", "b", "10.3.0.1/24")
                    .link("b", "10.3.0.7/16", "sw", "10.4.0.1/16")
                    .route("a", "default", "203.0.113.1")
                    .route("a", "default", "10.2.0.1")
                    .build());

    assertThat(e.problems())
        .extracting(Problem::where)
        .contains(
            "name",
            "nodes.b",
            "nodes.-x",
            "links[0].b",
            "links[1]",
            "links[2].a.addresses[0]",
            "links[2].b.addresses[0]",
            "links[3].mtu",
            "links[3].b.addresses[0]",
            "links[4].a.interface",
            "links[5].a.addresses[0]",
            "links[6].a.addresses[0]",
            "nodes.a.routes[0]",
            "nodes.a.routes[1]");
    assertThat(e.getMessage())
        .startsWith("topology 9lives: ")
        .contains("\n  links[0].b: there is no node nobody")
        .contains("10.0.0.255/24 is the broadcast address of its network")
        .contains("gateway 203.0.113.1 is on no network of a")
        .contains("there are two routes to 0.0.0.0/0")
        .contains("nobody else on this link is in 10.2.0.0/24")
        .contains("b has 10.3.0.1/24 on another interface already");
  }

  @Test
  void what_would_lose_packets_or_no_kernel_can_name_is_wrong() {
    Topology.InvalidException e =
        catchThrowableOfType(
            Topology.InvalidException.class,
            () ->
                Topology.named("lab")
                    .switches("sw", "other")
                    .hosts("a", "b", "c")
                    .link("a", "sw")
                    .link(Link.between("b", "sw").mtu(9000))
                    .link("sw", "other")
                    .link(Link.between("c", "other").mtu(1400))
                    .link(Link.between("a", "c").a(end -> end.iface("sixteen-letters-")).mtu(9000))
                    .build());

    assertThat(e.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "links[4].a.interface: interface name \"sixteen-letters-\": 1 to 15 letters, digits, '_',"
                + " '.', '@' or '-'",
            "links[1].mtu: MTU 9000, but links[0] at the same switch has 1500: larger packets would"
                + " be lost",
            "links[3].mtu: MTU 1400, but links[0] at the same switch has 1500: larger packets would"
                + " be lost");
  }

  @Test
  void a_link_local_address_of_ipv6_is_left_to_the_kernel() {
    Topology.Builder two = Topology.named("lab").hosts("a", "b").link("a", "b");

    assertThatThrownBy(() -> two.build().addressed("fe80::/64"))
        .isInstanceOf(Topology.InvalidException.class)
        .hasMessageContaining(
            "links[0].a.addresses[0]: fe80::1/64 is link-local: the kernel gives each interface"
                + " one of its own")
        .hasMessageContaining("links[0].b.addresses[0]: fe80::2/64 is link-local");
    assertThat(two.build().addressed("169.254.0.0/16").links().get(0).a().addresses())
        .containsExactly(Cidr.parse("169.254.0.1/30"));
  }

  @Test
  void a_ring_of_switches_without_a_spanning_tree_is_wrong() {
    Topology.Builder rings =
        Topology.named("lab")
            .switches("s1", "s2", "s3", "tail", "p", "q", "alone")
            .hosts("x", "y")
            .link("x", "s1")
            .link("s1", "s2")
            .link("s2", "s3")
            .link("s3", "s1")
            .link("s3", "tail")
            .link("tail", "p")
            .link("p", "q")
            .link("y", "q")
            .link("y", "alone")
            .link("q", "p");

    assertThat(catchThrowableOfType(Topology.InvalidException.class, rings::build).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "links[3]: packets would circle without end in a ring of the switches s1, s2, s3: leave"
                + " out a link, or let them run the spanning tree protocol (stp)",
            "links[9]: packets would circle without end in a ring of the switches p, q: leave out a"
                + " link, or let them run the spanning tree protocol (stp)");

    rings.stp("p", "q", "s1", "s3");
    assertThat(catchThrowableOfType(Topology.InvalidException.class, rings::build).problems())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .endsWith("or let s2 also run the spanning tree protocol (stp)");
    Topology good = rings.stp("s2").build();
    assertThat(good.get("s2")).hasToString("switch s2 stp");
    assertThat(good.get("tail")).hasToString("switch tail");
    assertThat(good.addressed("10.0.0.0/16").routed().get("s2").stp()).isTrue();
    assertThat(rings.stp().build().nodes()).filteredOn(Node::isSwitch).allMatch(Node::stp);
    assertThatThrownBy(() -> rings.stp("x")).hasMessage("stp of x: add the switch first");
    assertThatThrownBy(
            () ->
                new Topology(
                    "lab", List.of(new Node("r", NodeKind.ROUTER, List.of(), true)), List.of()))
        .isInstanceOf(Topology.InvalidException.class)
        .hasMessageContaining(
            "nodes.r: router r stp: only a switch runs the spanning tree protocol");
  }

  @Test
  void a_ring_of_many_switches_is_found_at_once() {
    Topology.Builder ring = Topology.named("lab");
    int many = 20_000;
    for (int i = 0; i < many; i++) {
      ring.switches("s" + i).link("s" + i, "s" + (i + 1) % many);
    }

    assertThatThrownBy(ring::build)
        .isInstanceOf(Topology.InvalidException.class)
        .hasMessageContaining("s0, s1, s2, s3")
        .hasMessageContaining("s15 and 19984 more: leave out a link");
    assertThat(ring.stp().build().links()).hasSize(many);
  }

  @Test
  void interfaces_are_named_after_the_other_end_without_collision() {
    Topology topology =
        Topology.named("lab")
            .hosts("a", "a-very-long-name-1", "a-very-long-name-2", "b")
            .link("a", "b")
            .link("a", "b")
            .link("a", "a-very-long-name-1")
            .link("a", "a-very-long-name-2")
            .link(Link.between("a", "b").a(end -> end.iface("to-b.3")))
            .link("b", "a")
            .build();

    List<String> names = new ArrayList<>();
    for (Link link : topology.links()) {
      names.add(link.a().node().equals("a") ? link.a().iface() : link.b().iface());
    }
    assertThat(names.subList(0, 2)).containsExactly("to-b", "to-b.2");
    assertThat(names.get(2)).startsWith("to-a-very-").hasSize(15);
    assertThat(names).doesNotHaveDuplicates().contains("to-b.3", "to-b.4");
  }

  @Test
  void addresses_come_from_a_prefix_one_network_for_each_link_or_switch() {
    Topology topology =
        Topology.named("lab")
            .switches("s1", "s2")
            .hosts("a", "b", "c")
            .routers("r")
            .link("a", "s1")
            .link("s1", "s2")
            .link("b", "s2")
            .link("r", "s2")
            .link("r", "c")
            .build()
            .addressed("10.0.0.0/16")
            .addressed("2001:db8::/48");

    assertThat(topology.links())
        .extracting(Link::toString)
        .containsExactly(
            "a:to-s1 10.0.0.2/24 2001:db8::2/64 -- s1:to-a",
            "s1:to-s2 -- s2:to-s1",
            "b:to-s2 10.0.0.3/24 2001:db8::3/64 -- s2:to-b",
            "r:to-s2 10.0.0.1/24 2001:db8::1/64 -- s2:to-r",
            "r:to-c 10.0.1.1/30 2001:db8:0:1::1/64 -- c:to-r 10.0.1.2/30 2001:db8:0:1::2/64");
  }

  @Test
  void addresses_that_were_given_are_kept_and_avoided() {
    Topology topology =
        Topology.named("lab")
            .switches("sw")
            .hosts("a", "b", "c")
            .link(Link.between("a", "sw").a(end -> end.address("10.0.0.1/30")))
            .link("b", "sw")
            .link("b", "c")
            .build()
            .addressed("10.0.0.0/24");

    assertThat(topology.links().get(1).a().addresses()).containsExactly(Cidr.parse("10.0.0.2/30"));
    assertThat(topology.links().get(2).a().addresses()).containsExactly(Cidr.parse("10.0.0.5/30"));
  }

  @Test
  void two_links_of_a_node_to_one_switch_are_named_and_not_the_addresses_they_would_get() {
    Topology twice =
        Topology.named("lab")
            .switches("sw", "other")
            .hosts("a", "b")
            .link("a", "sw")
            .link("sw", "other")
            .link("b", "sw")
            .link("other", "a")
            .build();

    assertThatThrownBy(() -> twice.addressed("10.0.0.0/16"))
        .isInstanceOf(Topology.InvalidException.class)
        .hasMessage(
            "topology lab: 1 problem\n  links[3].b: a has two interfaces on one network, to-sw and"
                + " to-other: give them addresses of different networks, or leave out a link");
    Topology parallel = Topology.named("lab").hosts("a", "b").link("a", "b").link("b", "a").build();
    assertThat(parallel.addressed("10.0.0.0/16").links())
        .allMatch(l -> l.a().addresses().size() == 1);
  }

  @Test
  void a_prefix_without_room_is_an_error() {
    assertThatThrownBy(() -> Topologies.line("lab", 9).addressed("10.0.0.0/28"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10.0.0.0/28 has no room");
    assertThatThrownBy(() -> Topologies.line("lab", 9).addressed("10.0.0.1/24"))
        .hasMessageContaining("10.0.0.1/24 is no prefix");
  }

  @Test
  void hosts_get_a_default_route_and_routers_share_routes() {
    Topology line =
        Topology.named("lab")
            .hosts("a", "z")
            .routers("r1", "r2", "r3")
            .link("a", "r1")
            .link("r1", "r2")
            .link("r2", "r3")
            .link("r3", "z")
            .build()
            .addressed("10.0.0.0/24")
            .routed();

    assertThat(line.get("a").routes())
        .extracting(Route::toString)
        .containsExactly("default via 10.0.0.1");
    assertThat(line.get("r1").routes())
        .extracting(Route::toString)
        .containsExactly("10.0.0.0/28 via 10.0.0.6");
    assertThat(line.get("r2").routes())
        .extracting(Route::toString)
        .containsExactly("10.0.0.0/29 via 10.0.0.5", "10.0.0.8/29 via 10.0.0.10");
  }

  @Test
  void a_long_line_needs_few_routes() {
    Topology line = Topologies.line("lab", 40).addressed("10.0.0.0/16").routed();

    assertThat(line.nodes()).allMatch(node -> node.routes().size() <= 12);
    everyPairIsReached(line);
  }

  @Test
  void the_first_of_several_shortest_paths_is_taken_and_the_usual_gateway_is_the_default() {
    Topology square =
        Topology.named("lab")
            .switches("lan")
            .hosts("h", "far")
            .routers("r1", "r2", "r3", "r4")
            .link("h", "lan")
            .link("r2", "lan")
            .link("r1", "lan")
            .link("r1", "r3")
            .link("r2", "r3")
            .link("r2", "r4")
            .link("r3", "far")
            .build()
            .addressed("10.0.0.0/16")
            .routed();

    assertThat(square.get("h").routes())
        .extracting(Route::toString)
        .containsExactly(
            "default via 10.0.0.2", "10.0.1.4/30 via 10.0.0.1", "10.0.1.8/30 via 10.0.0.1");
  }

  /** A table of all networks for each host of the first takes 512 MB: 16 million entries. */
  @Test
  void routes_of_thousands_of_hosts_take_no_more_memory_than_the_result() {
    Topology.Builder star = Topology.named("lab").routers("r");
    Topology.Builder lan = Topology.named("lab").switches("sw").routers("r", "q", "s");
    lan.link("r", "sw").link("q", "sw").link("q", "s");
    for (int i = 0; i < 4000; i++) {
      star.hosts("h" + i).link("r", "h" + i);
      lan.hosts("h" + i).link("sw", "h" + i);
    }
    Topology first = star.build().addressed("10.0.0.0/8");
    Topology second = lan.build().addressed("10.0.0.0/8");
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    Topology routed = first.routed();
    Topology both = second.routed();

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(300L << 20);
    assertThat(routed.get("h7").routes()).hasToString("[default via 10.0.0.29]");
    assertThat(both.get("h7").routes()).hasToString("[default via 10.0.0.2]");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void random_networks_are_routed_by_shortest_paths(long seed) {
    Random random = new Random(seed);
    int routers = 2 + random.nextInt(20);
    int most = routers * (routers - 1) / 2;
    int links = routers - 1 + random.nextInt(Math.min(20, most - routers + 2));
    Topology topology =
        Topologies.random("lab", routers, links, seed).addressed("10.0.0.0/16").routed();

    everyPairIsReached(topology);
    assertThat(Topologies.random("lab", routers, links, seed).addressed("10.0.0.0/16").routed())
        .isEqualTo(topology);
  }

  @Test
  void the_shapes_have_the_nodes_and_links_they_should() {
    shape(Topologies.line("lab", 5), 5, 4);
    shape(Topologies.ring("lab", 6), 6, 6);
    shape(Topologies.star("lab", 8), 9, 8);
    shape(Topologies.tree("lab", 3, 2), 7 + 8, 14);
    shape(Topologies.torus("lab", 3, 4), 12, 24);
    shape(Topologies.fatTree("lab", 4), 36, 48);
    shape(Topologies.fatTree("lab", 6), 99, 162);
    shape(Topologies.random("lab", 20, 30, 7), 20, 30);
    everyPairIsReached(Topologies.fatTree("lab", 4).addressed("10.0.0.0/16").routed());
    everyPairIsReached(Topologies.torus("lab", 3, 4).addressed("10.0.0.0/16").routed());
    assertThatThrownBy(() -> Topologies.fatTree("lab", 3)).hasMessageContaining("not even");
    assertThatThrownBy(() -> Topologies.ring("lab", 2)).hasMessageContaining("2 is less than 3");
  }

  private static void shape(Topology topology, int nodes, int links) {
    assertThat(topology.nodes()).hasSize(nodes);
    assertThat(topology.links()).hasSize(links);
  }

  /** Follows the routes by the longest prefix, as a kernel does, and counts the hops. */
  private static void everyPairIsReached(Topology topology) {
    Map<String, List<Cidr>> addresses = new HashMap<>();
    Map<String, Set<String>> neighbours = new HashMap<>();
    for (Link link : topology.links()) {
      addresses
          .computeIfAbsent(link.a().node(), n -> new ArrayList<>())
          .addAll(link.a().addresses());
      addresses
          .computeIfAbsent(link.b().node(), n -> new ArrayList<>())
          .addAll(link.b().addresses());
      neighbours.computeIfAbsent(link.a().node(), n -> new HashSet<>()).add(link.b().node());
      neighbours.computeIfAbsent(link.b().node(), n -> new HashSet<>()).add(link.a().node());
    }
    Map<java.net.InetAddress, String> owner = new HashMap<>();
    addresses.forEach((node, list) -> list.forEach(a -> owner.put(a.address(), node)));
    for (String from : addresses.keySet()) {
      Map<String, Integer> distances = distances(from, neighbours);
      for (String to : addresses.keySet()) {
        if (from.equals(to)) {
          continue;
        }
        for (Cidr target : addresses.get(to)) {
          String at = from;
          int hops = 0;
          while (!at.equals(to)) {
            at = next(topology, addresses, owner, at, target);
            hops++;
            assertThat(hops).as(from + " to " + target).isLessThan(400);
          }
          // To the network of an address, which may be one hop further than to its node.
          assertThat(hops).isBetween(distances.get(to), distances.get(to) + 1);
        }
      }
    }
  }

  private static String next(
      Topology topology,
      Map<String, List<Cidr>> addresses,
      Map<java.net.InetAddress, String> owner,
      String at,
      Cidr target) {
    if (addresses.get(at).stream().anyMatch(own -> own.contains(target.address()))) {
      return owner.get(target.address());
    }
    Route best = null;
    for (Route route : topology.get(at).routes()) {
      if (route.destination().contains(target.address())
          && (best == null
              || route.destination().prefixLength() > best.destination().prefixLength())) {
        best = route;
      }
    }
    assertThat(best).as("route of " + at + " to " + target).isNotNull();
    return owner.get(best.gateway().orElseThrow());
  }

  private static Map<String, Integer> distances(String from, Map<String, Set<String>> neighbours) {
    Map<String, Integer> distances = new HashMap<>(Map.of(from, 0));
    List<String> queue = new ArrayList<>(List.of(from));
    for (int i = 0; i < queue.size(); i++) {
      for (String next : neighbours.get(queue.get(i))) {
        if (distances.putIfAbsent(next, distances.get(queue.get(i)) + 1) == null) {
          queue.add(next);
        }
      }
    }
    return distances;
  }
}
