// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetInterface.NotFoundException;

/** Interfaces are destroyed, an epair always with both ends. */
public abstract class DestroyContract extends Contract {

  @Test
  void destroying_end_a_takes_end_b_out_of_its_jail() {
    Jail jail = jail("web");
    Epair cable = cable(host, jail);

    cable.a().destroy();

    assertGone(cable);
    assertThat(names(host)).doesNotContain("c0a");
    assertThat(names(jail)).doesNotContain("c0b");
  }

  @Test
  void destroying_end_b_in_its_jail_takes_end_a_off_the_host() {
    Jail jail = jail("web");
    Epair cable = cable(host, jail);

    cable.b().destroy();

    assertGone(cable);
    assertThat(names(host)).doesNotContain("c0a");
    assertThat(names(jail)).doesNotContain("c0b");
  }

  @Test
  void destroying_a_cable_between_two_jails_takes_both_ends() {
    Jail left = jail("left");
    Jail right = jail("right");
    Epair cable = cable(host, right);
    left.vnet(cable.a());

    cable.destroy();

    assertGone(cable);
    assertThat(names(left)).doesNotContain("c0a");
    assertThat(names(right)).doesNotContain("c0b");
  }

  @Test
  void many_cables_go_at_once_from_several_stacks() {
    Jail left = jail("left");
    Jail right = jail("right");
    Epair one = host.epair().vnet(right).create();
    Epair two = host.epair().create();
    Epair three = left.epair().create();

    vnet.destroy(List.of(one, two, three));

    List.of(one, two, three).forEach(DestroyContract::assertGone);
    assertThat(names(host)).doesNotContain(one.a().name(), two.a().name(), two.b().name());
    assertThat(names(right)).doesNotContain(one.b().name());
    assertThat(names(left)).doesNotContain(three.a().name(), three.b().name());
  }

  @Test
  void of_many_cables_those_that_are_destroyed_already_are_no_error() {
    Epair there = host.epair().create();
    Epair gone = host.epair().create();
    gone.destroy();

    vnet.destroy(List.of(there, gone));

    assertGone(there);
    assertGone(gone);
  }

  @Test
  void closing_a_cable_may_be_repeated() {
    Epair cable = cable(host, host);

    cable.close();
    cable.close();

    assertGone(cable);
  }

  @Test
  void destroying_a_cable_may_be_repeated() {
    Epair cable = cable(host, host);

    cable.destroy();
    cable.destroy();
    cable.b().destroy();

    assertGone(cable);
  }

  @Test
  void a_destroyed_interface_refuses_everything_and_says_so() {
    NetInterface end = cable(host, host).a();
    end.destroy();

    refused(NotFoundException.class, end::up, "c0a");
    refused(NotFoundException.class, end::info, "c0a");
    refused(NotFoundException.class, () -> end.inet("192.0.2.1/24"), "c0a");
    assertThat(end.toString()).contains("c0a", "destroyed");
  }

  @Test
  void an_old_handle_does_not_come_to_life_with_a_new_interface_of_its_name() {
    Epair old = cable(host, host);
    old.a().destroy();

    Epair fresh = host.epair().names("c0a", "c0b").create();

    assertGone(old);
    assertThat(fresh.a().exists()).isTrue();
    assertThat(fresh.b().exists()).isTrue();
    assertThat(fresh.b()).isNotEqualTo(old.b());
  }

  @Test
  void destroying_a_bridge_frees_its_members() {
    needs(Capability.BRIDGE);
    NetInterface end = cable(host, host).a();
    Bridge bridge = host.bridge().create().add(end);

    bridge.destroy();

    assertThat(bridge.exists()).isFalse();
    assertThat(end.exists()).isTrue();
    assertThat(end.info().bridge()).isEmpty();
  }

  @Test
  void a_member_that_is_destroyed_leaves_its_bridge() {
    needs(Capability.BRIDGE);
    NetInterface end = cable(host, host).a();
    Bridge bridge = host.bridge().create().add(end);

    end.destroy();

    assertThat(bridge.members()).isEmpty();
    assertThat(bridge.exists()).isTrue();
  }

  @Test
  void when_a_jail_is_removed_the_far_ends_of_the_cables_that_it_made_are_gone() {
    Jail maker = jail("maker");
    Jail other = jail("other");
    maker.epair().names("m0a", "m0b").vnet(host).create();
    maker.epair().names("m1a", "m1b").vnet(other).create();

    maker.remove();

    assertThat(names(host)).doesNotContain("m0b");
    assertThat(names(other)).doesNotContain("m1b");
    host.epair().names("m0a", "m0b").create();
  }

  private static void assertGone(Epair cable) {
    assertThat(cable.a().exists()).as("end a").isFalse();
    assertThat(cable.b().exists()).as("end b").isFalse();
  }
}
