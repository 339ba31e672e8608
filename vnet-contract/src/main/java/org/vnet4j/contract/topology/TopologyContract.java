// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.Contract;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.Shaping;
import org.vnet4j.picture.Picture;
import org.vnet4j.rehearsal.StackSketch;
import org.vnet4j.topology.Change;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Part;
import org.vnet4j.topology.PartPlan;
import org.vnet4j.topology.Plan;
import org.vnet4j.topology.Reachability;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topologies;
import org.vnet4j.topology.Topology;

/** Tests whole networks: planned, applied, changed, removed. */
public abstract class TopologyContract extends Contract {

  /**
   * Returns a network of two hosts at a switch, a router behind it, and a third host behind the
   * router.
   */
  private static Topology.Builder office() {
    return Topology.named("office")
        .switches("sw")
        .routers("r1")
        .hosts("web", "db", "away")
        .link("r1", "sw")
        .link("web", "sw")
        .link("db", "sw")
        .link("r1", "away");
  }

  private static Topology complete(Topology.Builder builder) {
    return builder.build().addressed("10.0.0.0/16").routed();
  }

  @Test
  void a_topology_is_applied_and_then_there_is_nothing_to_do() {
    needs(Capability.FORWARDING);
    Topology office = complete(office());
    Plan plan = office.plan(vnet);
    assertThat(plan.toString()).startsWith("office: 9 to create, 0 to change, 0 to remove");
    assertThat(vnet.jls()).isEmpty();

    Network network = plan.apply();

    assertThat(network.plan().toString()).isEqualTo("office: nothing to do");
    assertThat(network.plan().isEmpty()).isTrue();
    assertThat(network.node("web").name()).isEqualTo("office.web");
    assertThat(names(network.node("web"))).contains("to-sw");
    assertThat(network.node("r1").forwarding()).isTrue();
    assertThat(network.node("web").forwarding()).isFalse();
    assertThat(network.node("sw").bridge("bridge0").members()).hasSize(3);
    assertThat(network.node("web").routes().list())
        .anyMatch(route -> route.toString().equals("default via 10.0.0.1 dev to-sw"));
  }

  @Test
  void applying_it_again_changes_nothing() {
    needs(Capability.FORWARDING);
    Topology office = complete(office());
    office.apply(vnet);
    String was = picture();

    office.apply(vnet);

    assertThat(picture()).isEqualTo(was);
  }

  @Test
  void applying_a_changed_topology_changes_only_the_difference() {
    needs(Capability.FORWARDING);
    complete(office()).apply(vnet);
    int jid = vnet.findJail("office.web").orElseThrow().jid();
    Topology changed = complete(office().hosts("mail").link("mail", "sw"));

    Plan plan = changed.plan(vnet);

    assertThat(plan.changes())
        .extracting(Change::toString)
        .containsExactly(
            "+ host mail with 1 route", "+ cable mail:to-sw 10.0.0.4/24 -- sw:to-mail");

    Network network = plan.apply();

    assertThat(network.plan().isEmpty()).isTrue();
    assertThat(network.node("web").jid()).isEqualTo(jid);
    Plan back = complete(office()).plan(vnet);
    assertThat(back.changes())
        .extracting(Change::toString)
        .containsExactly("- host mail", "- cable mail:to-sw -- sw:to-mail");
    assertThat(back.apply().plan().isEmpty()).isTrue();
    assertThat(vnet.findJail("office.mail")).isEmpty();
  }

  @Test
  void an_end_of_a_cable_is_changed_where_it_is() {
    Topology.Builder two = Topology.named("two").hosts("a", "b");
    two.link("a", "192.0.2.1/24", "b", "192.0.2.2/24").build().apply(vnet);
    int index = vnet.findJail("two.a").orElseThrow().iface("to-b").info().index();
    Topology changed =
        Topology.named("two")
            .hosts("a", "b")
            .link(Link.between("a", "b").addresses("192.0.2.3/24", "192.0.2.2/24").mtu(1400))
            .build();

    Plan plan = changed.plan(vnet);

    assertThat(plan.changes())
        .extracting(Change::toString)
        .containsExactly(
            "~ a:to-b: mtu 1500 -> 1400, - 192.0.2.1/24, + 192.0.2.3/24",
            "~ b:to-a: mtu 1500 -> 1400");
    assertThat(plan.apply().plan().isEmpty()).isTrue();
    assertThat(vnet.findJail("two.a").orElseThrow().iface("to-b").info().index()).isEqualTo(index);
  }

  @Test
  void a_link_local_address_of_ipv4_is_an_address_like_others() {
    Topology.Builder builder = Topology.named("two").hosts("a", "b");
    Topology two = builder.link("a", "169.254.1.1/30", "b", "169.254.1.2/30").build();
    Network network = two.apply(vnet);

    assertThat(network.plan()).hasToString("two: nothing to do");
    assertThat(Picture.of(vnet).toSvg()).contains("169.254.1.1/30");
    assertThat(StackSketch.of(network.node("a")).interfaces())
        .flatExtracting(StackSketch.Interface::addresses)
        .containsExactly(Cidr.parse("169.254.1.1/30"));

    Plan other = Topology.named("two").hosts("a", "b").link("a", "b").build().plan(vnet);
    assertThat(other.changes())
        .extracting(Change::toString)
        .containsExactly("~ a:to-b: - 169.254.1.1/30", "~ b:to-a: - 169.254.1.2/30");
  }

  @Test
  void both_ends_of_a_cable_may_have_the_same_name() {
    Link link = Link.between("a", "b").addresses("192.0.2.1/24", "192.0.2.2/24");
    Topology two =
        Topology.named("two")
            .hosts("a", "b")
            .link(link.a(end -> end.iface("eth1")).b(end -> end.iface("eth1")))
            .link(Link.between("b", "a").a(end -> end.iface("eth2")).b(end -> end.iface("eth2")))
            .build();

    Network network = two.apply(vnet);

    assertThat(network.plan()).hasToString("two: nothing to do");
    assertThat(network.node("a").iface("eth1").peer()).contains(network.node("b").iface("eth1"));
    assertThat(network.picture().lines()).hasSize(2);
    assertThat(Picture.of(vnet).lines()).hasSize(2);
    if (carriesTraffic()) {
      Reachability all = network.pingAll();
      assertThat(all.isComplete()).as(all.toString()).isTrue();
    }
    network.destroy();
    assertThat(vnet.jls()).isEmpty();
  }

  private static Topology.Builder ringOfSwitches() {
    return Topology.named("ring")
        .switches("s1", "s2", "s3")
        .hosts("x", "y")
        .link("x", "s1")
        .link("y", "s2")
        .link("s1", "s2")
        .link("s2", "s3")
        .link("s3", "s1");
  }

  @Test
  void switches_in_a_ring_run_the_spanning_tree_protocol_and_forward_when_it_is_applied() {
    needsTime(); // the simulated kernel has no spanning tree, so packets would circle in it
    Topology ring = complete(ringOfSwitches().stp());

    Network network = ring.apply(vnet);

    assertThat(network.plan()).hasToString("ring: nothing to do");
    assertThat(network.node("s1").bridge("bridge0").stp()).isTrue();
    if (carriesTraffic()) {
      long waiting =
          List.of("s1", "s2", "s3").stream()
              .flatMap(name -> network.node(name).bridge("bridge0").members().stream())
              .filter(port -> !port.state().equals("forwarding"))
              .count();
      assertThat(waiting).isEqualTo(1);
      Reachability all = network.pingAll();
      assertThat(all.isComplete()).as(all.toString()).isTrue();
    }
    network.node("s2").bridge("bridge0").stp(false);
    assertThat(network.plan().changes())
        .extracting(Change::toString)
        .containsExactly("~ switch s2 -> switch s2 stp");
    network.plan().apply();
    assertThat(network.plan().isEmpty()).isTrue();
  }

  @Test
  void a_switch_stops_the_spanning_tree_protocol_when_its_topology_does() {
    Topology.Builder two = Topology.named("two").switches("sw").hosts("a", "b");
    Topology plain = two.link("a", "sw").link("b", "sw").build();
    Topology careful = two.stp("sw").build();
    plain.apply(vnet);

    Plan plan = careful.plan(vnet);
    assertThat(plan.changes())
        .extracting(Change::toString)
        .containsExactly("~ switch sw -> switch sw stp");
    if (keepsTime()) {
      assertThat(plan.apply().plan().isEmpty()).isTrue();
      assertThat(plain.apply(vnet).plan().isEmpty()).isTrue();
    }
    assertThat(vnet.findJail("two.sw").orElseThrow().bridge("bridge0").stp()).isFalse();
  }

  @Test
  void what_others_changed_is_seen_and_mended() {
    needs(Capability.FORWARDING);
    Network network = complete(office()).apply(vnet);
    network.node("web").iface("to-sw").down();
    network.node("away").routes().delete("default");
    network.node("r1").forwarding(false);
    network.node("db").iface("to-sw").destroy();

    Plan plan = network.plan();

    assertThat(plan.changes())
        .extracting(Change::toString)
        .contains("~ host r1 -> router r1", "~ web:to-sw: up")
        .anyMatch(line -> line.startsWith("+ away: route default via"))
        .anyMatch(line -> line.startsWith("+ cable db:to-sw"));
    plan.apply();
    assertThat(network.plan().isEmpty()).isTrue();
  }

  @Test
  void a_plan_is_not_carried_out_when_others_changed_what_it_is_about() {
    needs(Capability.FORWARDING);
    Topology one = complete(office());
    Topology two = office().build().addressed("10.1.0.0/16").routed();
    List<Consumer<Network>> disturbances =
        List.of(
            network -> network.node("web").remove(),
            network -> network.node("web").iface("to-sw").destroy(),
            network -> network.node("web").iface("to-sw").rename("x"),
            network -> network.node("web").iface("to-sw").down(),
            network -> network.node("away").routes().delete("default"),
            network -> two.apply(vnet),
            Network::destroy);
    for (Consumer<Network> disturbance : disturbances) {
      Network network = one.apply(vnet);
      Plan plan = two.plan(vnet);
      disturbance.accept(network);

      refused(
          Plan.StaleException.class,
          plan::apply,
          "topology office has changed since this plan was made; make a new plan\n  ");
      Topology.destroy(vnet, "office");
    }
  }

  @Test
  void a_plan_for_a_new_topology_is_not_carried_out_when_it_is_there_already() {
    needs(Capability.FORWARDING);
    Plan plan = complete(office()).plan(vnet);
    Plan same = complete(office()).plan(vnet);
    plan.apply();

    refused(Plan.StaleException.class, same::apply, "make a new plan\n  it was created");
    refused(Plan.StaleException.class, plan::apply, "make a new plan\n  it was created");
  }

  @Test
  void a_plan_is_carried_out_when_others_changed_something_else() {
    needs(Capability.FORWARDING);
    Network network = complete(office()).apply(vnet);
    Plan plan = complete(office().hosts("mail").link("mail", "sw")).plan(vnet);
    jail("other");
    network.node("web").epair().create();

    assertThat(plan.apply().plan().isEmpty()).isTrue();
  }

  @Test
  void different_mtus_at_a_switch_are_a_warning_of_the_plan() {
    needs(Capability.FORWARDING);
    Topology mixed =
        Topology.named("lab")
            .switches("s1", "s2", "s3")
            .hosts("a", "b")
            .link("a", "s1")
            .link(Link.between("s1", "s2").mtu(1400))
            .link("s2", "b")
            .link("s2", "s3")
            .build();
    String lost = " has links with MTUs of 1400, 1500: larger packets would be lost";

    assertThat(mixed.plan(vnet).warnings()).containsExactly("switch s1" + lost, "switch s2" + lost);
    assertThat(mixed.plan(vnet).toString())
        .endsWith("\n! switch s1" + lost + "\n! switch s2" + lost);
    assertThat(complete(office()).plan(vnet).warnings()).isEmpty();
  }

  @Test
  void links_are_shaped_each_way_changed_and_watched() {
    needs(Capability.SHAPE_RATE);
    Shaping fast = Shaping.bitsPerSecond(80_000_000);
    Shaping slow = Shaping.bitsPerSecond(8_000_000).queue(20);
    Topology bad =
        Topology.named("two")
            .hosts("a", "b", "c")
            .link(Link.between("a", "b").shape(fast, slow))
            .link(Link.between("b", "c").shape(fast))
            .build()
            .addressed("10.0.0.0/16");
    Plan plan = bad.plan(vnet);
    assertThat(plan.toString())
        .contains(
            "+ cable a:to-b 10.0.0.1/30 (rate 80Mbit queue 50) -- "
                + "b:to-a 10.0.0.2/30 (rate 8Mbit queue 20)");

    Network network = plan.apply();

    assertThat(network.plan().toString()).isEqualTo("two: nothing to do");
    assertThat(network.node("a").iface("to-b").shaping()).isEqualTo(fast);
    assertThat(network.node("b").iface("to-a").shaping()).isEqualTo(slow);
    assertThat(network.picture().lines())
        .extracting(Picture.Edge::condition)
        .containsOnly(Picture.Condition.SHAPED);

    network.node("a").iface("to-b").unshape();
    network.node("c").iface("to-b").mtu(1400);
    assertThat(network.plan().changes())
        .extracting(Change::toString)
        .anyMatch(line -> line.equals("~ a:to-b: shaping none -> rate 80Mbit queue 50"))
        .anyMatch(line -> line.startsWith("~ c:to-b: mtu 1400 -> 1500"));
    network.plan().apply();
    assertThat(network.plan().toString()).isEqualTo("two: nothing to do");

    Topology good =
        new Topology(
            "two",
            bad.nodes(),
            bad.links().stream().map(link -> link.shape(Shaping.NONE).mtu(9000)).toList());
    assertThat(good.apply(vnet).plan().isEmpty()).isTrue();
    assertThat(network.node("b").iface("to-a").shaping()).isEqualTo(Shaping.NONE);
  }

  @Test
  void what_a_kernel_cannot_shape_is_told_at_once_and_before_anything_is_done() {
    Shaping lossy = Shaping.bitsPerSecond(8_000_000).loss(0.1);
    Topology bad =
        Topology.named("bad")
            .hosts("a", "b", "c")
            .link(Link.between("a", "b").shape(lossy, Shaping.NONE))
            .link(Link.between("b", "c").shape(lossy))
            .build();
    try (Vnet poor = sandbox(Capability.SHAPE_RATE, Capability.SHAPE_LOSS)) {
      assertThatThrownBy(() -> bad.plan(poor))
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining(" cannot shape 3 ends of links")
          .hasMessageContaining("a:to-b (rate 8Mbit loss 10% queue 50): needs SHAPE_RATE, SHAPE_LO")
          .hasMessageContaining("\n  b:to-c (")
          .hasMessageContaining("\n  c:to-b (");
      assertThat(poor.jls()).isEmpty();
    }
  }

  @Test
  void routers_that_a_kernel_cannot_have_are_told_at_once_and_before_anything_is_done() {
    Topology routers = Topologies.line("bad", 2);
    try (Vnet poor = sandbox(Capability.FORWARDING)) {
      assertThatThrownBy(() -> routers.plan(poor))
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageStartingWith("topology bad: ")
          .hasMessageEndingWith(" has no FORWARDING, which 2 routers need\n  r1\n  r2");
      assertThat(poor.jls()).isEmpty();
      assertThat(Topology.named("good").hosts("a").build().apply(poor).plan().isEmpty()).isTrue();
    }
  }

  @Test
  void a_node_may_become_another_kind() {
    needs(Capability.FORWARDING);
    Topology.Builder hub = Topology.named("hub").hosts("a", "b");
    hub.switches("m").link("a", "m").link("b", "m").build().apply(vnet);

    Topology router =
        complete(Topology.named("hub").hosts("a", "b").routers("m").link("a", "m").link("b", "m"));

    assertThat(router.apply(vnet).plan().isEmpty()).isTrue();
    assertThat(vnet.findJail("hub.m").orElseThrow().forwarding()).isTrue();
  }

  @Test
  void what_is_not_of_the_topology_is_left_alone() {
    needs(Capability.FORWARDING);
    Jail other = jail("other");
    Network network = complete(office()).apply(vnet);
    cable(other, network.node("web"), "203.0.113.1/24", "203.0.113.2/24");

    assertThat(network.plan().isEmpty()).isTrue();
    network.destroy();

    assertThat(other.exists()).isTrue();
    assertThat(vnet.jls()).hasSize(1);
  }

  private static Part ofThreeMachines(String addressOfThird) {
    Topology lab =
        Topology.named("lab")
            .hosts("a", "b", "c")
            .link(Link.between("a", "b").mtu(1450))
            .link(Link.between("a", "c").mtu(1450))
            .build()
            .addressed("10.0.0.0/16");
    return Spread.of(lab)
        .machine("one", "198.51.100.1", "a")
        .machine("two", "198.51.100.2", "b")
        .machine("three", addressOfThird, "c")
        .part("one");
  }

  private static List<String> lines(PartPlan plan) {
    return plan.changes().stream().map(Change::toString).toList();
  }

  @Test
  void tunnels_to_other_machines_are_planned_and_a_change_of_one_changes_only_it() {
    needs(Capability.VXLAN);
    host.epair().create().a().inet("198.51.100.1/24").up();
    String was = picture();
    Part part = ofThreeMachines("198.51.100.3");
    PartPlan plan = part.plan(vnet);
    assertThat(lines(plan))
        .startsWith("+ host a", "+ switch tunnel-5000", "+ switch tunnel-5001")
        .endsWith(
            "+ tunnel tunnel-5000 198.51.100.1 -- 198.51.100.2 vni 5000 mtu 1450",
            "+ tunnel tunnel-5001 198.51.100.1 -- 198.51.100.3 vni 5001 mtu 1450");
    assertThat(plan.toString()).startsWith("lab: 7 to create, 0 to change, 0 to remove\n+ host a");

    NetInterface tunnel = plan.apply().node("tunnel-5000").iface("vx5000");

    int index = tunnel.info().index();
    assertThat(tunnel.mtu()).isEqualTo(1450);
    assertThat(part.plan(vnet)).hasToString("lab: nothing to do");

    Part moved = ofThreeMachines("198.51.100.4");
    assertThat(lines(moved.plan(vnet)))
        .containsExactly(
            "+ tunnel tunnel-5001 198.51.100.1 -- 198.51.100.4 vni 5001 mtu 1450",
            "- tunnel tunnel-5001 198.51.100.1 -- 198.51.100.3 vni 5001");
    PartPlan stale = moved.plan(vnet);
    moved.apply(vnet);
    assertThat(moved.plan(vnet).isEmpty()).isTrue();
    refused(Plan.StaleException.class, stale::apply, "topology lab has changed");

    tunnel.down().mtu(1400);
    assertThat(lines(moved.plan(vnet)))
        .containsExactly(
            "~ tunnel tunnel-5000 198.51.100.1 -- 198.51.100.2 vni 5000: mtu 1400 -> 1450, up");
    moved.apply(vnet);
    assertThat(moved.plan(vnet).isEmpty()).isTrue();
    assertThat(tunnel.info().index()).isEqualTo(index);

    Part.destroy(vnet, "lab");
    assertThat(picture()).isEqualTo(was);
  }

  @Test
  void the_network_of_a_part_is_removed_with_its_tunnels() {
    needs(Capability.VXLAN);
    host.epair().create().a().inet("198.51.100.1/24").up();
    String was = picture();
    Part part = ofThreeMachines("198.51.100.3");

    try (Network network = part.apply(vnet)) {
      assertThat(names(network.node("tunnel-5000"))).contains("bridge0");
      assertThat(picture()).contains("198.51.100.1 -- 198.51.100.2 vni 5000");
    }
    assertThat(picture()).as("closed").isEqualTo(was);

    part.apply(vnet).destroy();
    assertThat(picture()).as("destroyed").isEqualTo(was);

    Network stays = part.persist(vnet);
    stays.close();
    assertThat(part.plan(vnet)).hasToString("lab: nothing to do");
    stays.destroy();
    assertThat(picture()).as("destroyed, and persistent before").isEqualTo(was);
    stays.close();
  }

  @Test
  void a_failed_apply_leaves_nothing() {
    needs(Capability.FORWARDING);
    String was = picture();
    AtomicInteger steps = new AtomicInteger();

    for (int failing = 1; failing <= 12; failing++) {
      int last = failing;
      steps.set(0);
      assertThatThrownBy(
              () ->
                  complete(office())
                      .plan(vnet)
                      .progress(
                          (done, total, what) -> {
                            if (steps.incrementAndGet() == last) {
                              throw new VnetException("no further than " + what);
                            }
                          })
                      .apply())
          .hasMessageStartingWith("no further than");
      assertThat(picture()).isEqualTo(was);
    }
  }

  @Test
  void a_failed_change_is_undone() {
    needs(Capability.FORWARDING);
    Topology office = complete(office());
    office.apply(vnet);
    Topology changed =
        complete(
            Topology.named("office")
                .switches("sw")
                .routers("r1")
                .hosts("web", "mail", "away")
                .link("r1", "sw")
                .link("web", "sw")
                .link("mail", "r1")
                .link("r1", "away"));
    assertThat(changed.plan(vnet).isEmpty()).isFalse();

    for (int failing : new int[] {1, 2, 3, 4, 5, 6}) {
      assertThatThrownBy(
              () ->
                  changed
                      .plan(vnet)
                      .progress(
                          (done, total, what) -> {
                            if (done == failing) {
                              throw new VnetException("no further than " + what);
                            }
                          })
                      .apply())
          .hasMessageStartingWith("no further than")
          .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
      assertThat(office.plan(vnet).toString()).isEqualTo("office: nothing to do");
    }
  }

  @Test
  void an_interrupt_undoes_it_and_stays() {
    needs(Capability.FORWARDING);
    String was = picture();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> complete(office()).apply(vnet))
          .isInstanceOf(VnetException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(picture()).isEqualTo(was);
  }

  @Test
  void it_is_removed_by_its_name_alone() {
    needs(Capability.FORWARDING);
    String was = picture();
    complete(office()).apply(vnet);

    assertThat(Topology.destroy(vnet, "office")).isTrue();

    assertThat(picture()).isEqualTo(was);
    assertThat(Topology.destroy(vnet, "office")).isFalse();
  }

  @Test
  void closing_a_network_removes_it_unless_it_persists() {
    needs(Capability.FORWARDING);
    String was = picture();
    try (Network network = complete(office()).apply(vnet)) {
      assertThat(network.node("web").exists()).isTrue();
    }
    assertThat(picture()).isEqualTo(was);

    Network stays = complete(office()).plan(vnet).persist().apply();
    stays.close();

    assertThat(stays.node("web").exists()).isTrue();
    stays.destroy();
    assertThat(picture()).isEqualTo(was);
  }

  @Test
  void a_jail_of_the_same_name_is_not_taken_for_a_topology() {
    needs(Capability.FORWARDING);
    jail("office");

    refused(
        Topology.NotATopologyException.class, () -> complete(office()).plan(vnet), "jail office");
    refused(Topology.NotATopologyException.class, () -> Topology.destroy(vnet, "office"), "office");
  }

  @Test
  void progress_counts_to_the_end() {
    needs(Capability.FORWARDING);
    List<String> steps = new ArrayList<>();
    complete(office())
        .plan(vnet)
        .progress((done, total, what) -> steps.add(done + "/" + total + " " + what))
        .apply();

    assertThat(steps).isNotEmpty().first().asString().startsWith("1/");
    assertThat(steps).last().asString().startsWith(steps.size() + "/" + steps.size() + " ");
  }

  @Test
  void each_node_reaches_every_other() {
    needs(Capability.FORWARDING);
    needsTraffic();
    Network network = complete(office()).apply(vnet);

    Reachability all = Await.until(network::pingAll, Reachability::isComplete);

    assertThat(all.isComplete()).as(all.toString()).isTrue();
    assertThat(all.pairs()).isEqualTo(12);
    assertThat(all.toString()).endsWith("4 nodes, 12 pairs: all reached");
  }

  @Test
  void who_is_not_reached_is_named() {
    needs(Capability.FORWARDING);
    needsTraffic();
    Network network = complete(office()).apply(vnet);
    network.node("r1").forwarding(false);

    Reachability all = // answers of those who are reached may be late
        Await.until(network::pingAll, seen -> seen.unreachable().size() <= 4);

    assertThat(all.reaches("web", "db")).isTrue();
    assertThat(all.reaches("web", "away")).isFalse();
    assertThat(all.unreachable()).hasSize(4);
    assertThat(all.toString()).contains("web -> away (10.0.1.2): no answer");
  }

  @Test
  void both_families_are_addressed_and_routed() {
    needs(Capability.FORWARDING);
    needs(org.vnet4j.Capability.IPV6);
    needsTraffic();
    Network network = Topologies.line("six", 3).addressed("2001:db8::/48").routed().apply(vnet);

    assertThat(network.plan().isEmpty()).isTrue();
    assertThat(
            network.node("r1").pingAll(List.of(IpLiteral.parse("2001:db8:0:1::2"))).run().values())
        .allMatch(result -> result.isAnswered());
    Await.until("all are reached", () -> network.pingAll().isComplete());
  }

  @Test
  void each_pair_is_asked_over_both_versions_of_ip() {
    needs(Capability.FORWARDING);
    needs(org.vnet4j.Capability.IPV6);
    needsTraffic();
    Topology both =
        Topology.named("lab")
            .routers("r")
            .hosts("x", "y", "old")
            .link("x", "r")
            .link("y", "r")
            .link("old", "192.0.2.1/24", "r", "192.0.2.2/24")
            .build()
            .addressed("10.0.0.0/16");
    List<Link> links =
        both.links().stream()
            .map(link -> link.a().node().equals("old") ? link : six(link, both))
            .toList();
    Network network = new Topology("lab", both.nodes(), links).routed().apply(vnet);
    Reachability all = network.pingAll();
    assertThat(all.isComplete()).as(all.toString()).isTrue();
    assertThat(all.pairs()).isEqualTo(12);

    network.node("x").routes().delete("::/0");

    all = network.pingAll();
    assertThat(all.unreachable())
        .extracting(lost -> lost.from() + " " + lost.to() + " " + lost.result().destination())
        .containsExactlyInAnyOrder("x y 2001:db8:1::1", "y x 2001:db8:0::1".replace(":0::", "::"));
  }

  /** Adds IPv6 addresses of a network of its own to a link. */
  private static Link six(Link link, Topology topology) {
    String net = "2001:db8:" + topology.links().indexOf(link) + "::";
    return link.addresses(net + "1/64", net + "2/64");
  }

  @Test
  void a_network_that_persists_is_seen_by_another_program() {
    needs(Capability.FORWARDING);
    Vnet same = vnet;
    complete(office()).plan(same).persist().apply();

    assertThat(same.findJail("office").orElseThrow().info().persist()).isTrue();
    assertThat(same.findJail("office.web").orElseThrow().info().persist()).isTrue();
  }

  @Test
  void a_picture_shows_what_is_there_now() {
    needs(Capability.FORWARDING);
    Network network = complete(office()).apply(vnet);
    network.node("web").iface("to-sw").down();

    assertThat(network.picture().lines())
        .filteredOn(line -> line.condition() == Picture.Condition.DOWN)
        .extracting(Picture.Edge::a)
        .containsExactly("web");
    assertThat(network.pictureWithCounters().toSvg()).contains(" in<");

    Picture live = Picture.of(vnet);
    assertThat(live.shapes())
        .extracting(Picture.Vertex::id)
        .containsExactlyInAnyOrder(
            "host", "office", "office.sw", "office.r1", "office.web", "office.db", "office.away");
    assertThat(live.lines()).hasSize(4);
    assertThat(live.toSvg()).startsWith("<svg ").contains(">away<");
  }

  @Test
  void an_end_of_a_cable_knows_the_other_wherever_it_is() {
    Epair cable = cable(jail("left"), jail("right"));

    assertThat(cable.a().peer()).contains(cable.b());
    assertThat(cable.b().peer()).contains(cable.a());
    cable.b().vnet(host);
    assertThat(host.iface(cable.b().name()).peer()).contains(cable.a());
    assertThat(cable.a().peer().orElseThrow().stack()).isSameAs(host);
  }

  @Test
  void all_cables_are_listed_wherever_their_ends_are_and_whatever_their_names() {
    Jail left = jail("left");
    Jail right = jail("right");
    Epair between = cable(left, right);
    between.b().rename("uplink");
    Epair here = host.epair().create();
    Epair gone = host.epair().create();
    Epair carried = host.epair().create();
    carried.a().vnet(right);
    carried.a().vnet(left);
    gone.destroy();

    assertThat(vnet.epairs().stream().map(TopologyContract::ends))
        .containsExactlyInAnyOrder(ends(between), ends(here), ends(carried));
    assertThat(Picture.of(vnet).lines()).hasSize(3);
  }

  private static Set<String> ends(Epair cable) {
    return Set.of(cable.toString().split(" <-> "));
  }
}
