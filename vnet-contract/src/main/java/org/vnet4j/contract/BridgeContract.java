// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.BridgeMember;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.LearnedAddress;
import org.vnet4j.NetInterface;
import org.vnet4j.NetInterface.BusyException;
import org.vnet4j.NetInterface.NotFoundException;
import org.vnet4j.net.InterfaceFlag;
import org.vnet4j.net.InterfaceKind;

/** Tests software bridges: their members, the addresses they learn, the frames they forward. */
public abstract class BridgeContract extends Contract {

  @BeforeEach
  void needs_bridges() {
    needs(Capability.BRIDGE);
  }

  @Test
  void a_bridge_lists_its_members_and_they_tell_their_bridge() {
    NetInterface one = cable(host, host).a();
    NetInterface two = cable(host, host).a();

    Bridge bridge = host.bridge().name("switch").create().add(one).add(two);

    assertThat(bridge.members()).extracting(BridgeMember::name).containsExactly("c0a", "c1a");
    assertThat(one.info().bridge()).contains("switch");
    assertThat(bridge.info().kind()).isEqualTo(InterfaceKind.BRIDGE);
    assertThat(bridge.info().bridge()).isEmpty();
  }

  @Test
  void a_deleted_member_is_free() {
    NetInterface one = cable(host, host).a();
    Bridge bridge = host.bridge().create().add(one);

    bridge.delete(one);

    assertThat(bridge.members()).isEmpty();
    assertThat(one.info().bridge()).isEmpty();
    assertThat(one.vnet(jail("web")).stack().name()).isEqualTo("web");
  }

  @Test
  void a_member_of_a_bridge_in_a_removed_jail_is_home_as_it_was_before() {
    Jail jail = jail("web");
    NetInterface lent = cable(host, jail).b();
    jail.bridge().create().add(lent);

    jail.remove();

    assertThat(lent.info().bridge()).isEmpty();
    assertThat(lent.info().flags()).doesNotContain(InterfaceFlag.PROMISC);
    assertThat(host.bridge().create().add(lent).members()).hasSize(1);
  }

  @Test
  void a_member_is_busy_for_every_bridge() {
    NetInterface one = cable(host, host).a();
    Bridge bridge = host.bridge().create().add(one);
    Bridge other = host.bridge().create();

    refused(BusyException.class, () -> other.add(one), "c0a");
    refused(BusyException.class, () -> bridge.add(one), "c0a");
  }

  @Test
  void what_is_no_member_cannot_be_deleted() {
    NetInterface one = cable(host, host).a();
    Bridge bridge = host.bridge().create();

    refused(NotFoundException.class, () -> bridge.delete(one), "c0a");
  }

  @Test
  void an_interface_of_another_stack_cannot_be_a_member() {
    NetInterface end = cable(host, jail("web")).b();
    Bridge bridge = host.bridge().create();

    refused(NotFoundException.class, () -> bridge.add(end), "c0b", "web");
  }

  @Test
  void a_bridge_is_found_by_name_and_nothing_else_is_one() {
    Bridge bridge = host.bridge().name("switch").create();
    cable(host, host);

    assertThat(host.bridge("switch")).isEqualTo(bridge);
    assertThat(host.findBridge("switch")).contains(bridge);
    assertThat(host.findBridge("c0a")).isEmpty();
    assertThat(host.findBridge("nosuch")).isEmpty();
    refused(NotFoundException.class, () -> host.bridge("c0a"), "c0a", "epair");
    refused(NotFoundException.class, () -> host.bridge("nosuch"), "nosuch");
  }

  @Test
  void the_spanning_tree_protocol_is_switched_on_and_off() {
    Bridge bridge = host.bridge().create().add(cable(host, host).a());
    assertThat(bridge.stp()).isFalse();

    assertThat(bridge.stp(true).stp()).isTrue();
    assertThat(bridge.stp(false).stp()).isFalse();
  }

  @Test
  void a_forward_delay_is_between_nothing_and_30_seconds() {
    Bridge bridge = host.bridge().create();

    assertThat(bridge.forwardDelay(Duration.ofSeconds(30)).stp()).isFalse();
    assertThat(bridge.forwardDelay(Duration.ZERO)).isSameAs(bridge);
    refused(
        IllegalArgumentException.class, () -> bridge.forwardDelay(Duration.ofSeconds(31)), "0..30");
    refused(
        IllegalArgumentException.class, () -> bridge.forwardDelay(Duration.ofMillis(-1)), "0..30");
  }

  @Test
  void a_bridge_in_a_jail_is_made_and_used_there() {
    Jail jail = jail("web");
    Bridge bridge = jail.bridge().create();
    NetInterface end = cable(jail, jail).a();

    bridge.add(end).up();

    assertThat(bridge.isUp()).isTrue();
    assertThat(names(jail)).contains(bridge.name());
    assertThat(names(host)).doesNotContain(bridge.name());
    assertThat(bridge.members()).hasSize(1);
  }

  @Test
  void three_jails_reach_each_other_through_a_bridge() {
    needsTraffic();
    List<Jail> jails = List.of(jail("one"), jail("two"), jail("three"));
    plug(jails);

    for (Jail from : jails) {
      for (int to = 1; to <= 3; to++) {
        if (from != jails.get(to - 1)) {
          reaches(from, "192.0.2." + to);
        }
      }
    }
  }

  @Test
  void a_bridge_learns_who_is_behind_which_member() {
    needsTraffic();
    List<Jail> jails = List.of(jail("one"), jail("two"), jail("three"));
    Bridge bridge = plug(jails);
    reaches(jails.get(0), "192.0.2.2");
    reaches(jails.get(0), "192.0.2.3");

    for (int i = 0; i < 3; i++) {
      LearnedAddress station =
          new LearnedAddress(
              jails.get(i).iface("c" + i + "b").lladdr().get(), "c" + i + "a", false);
      assertThat(bridge.learned()).contains(station);
    }
  }

  @Test
  void a_member_that_is_unplugged_is_out_of_reach() {
    needsTraffic();
    List<Jail> jails = List.of(jail("one"), jail("two"), jail("three"));
    Bridge bridge = plug(jails);
    reaches(jails.get(0), "192.0.2.3");

    bridge.delete(host.iface("c2a"));

    doesNotReach(jails.get(0), "192.0.2.3");
    reaches(jails.get(0), "192.0.2.2");
  }

  @Test
  void a_bridge_with_an_address_is_reached_from_its_members() {
    needsTraffic();
    Jail jail = jail("one");
    plug(List.of(jail)).inet("192.0.2.254/24");

    reaches(jail, "192.0.2.254");
    reaches(host, "192.0.2.1");
  }

  /** Adds jails to a bridge on the host by epairs; the n-th jail has the address 192.0.2.n. */
  private Bridge plug(List<Jail> jails) {
    Bridge bridge = host.bridge().create().up();
    for (int i = 0; i < jails.size(); i++) {
      var cable = cable(host, jails.get(i));
      bridge.add(cable.a());
      cable.a().up();
      cable.b().inet("192.0.2." + (i + 1) + "/24").up();
    }
    return bridge;
  }
}
