// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.Owner;
import org.vnet4j.Sweep;
import org.vnet4j.Vnet;
import org.vnet4j.contract.memory.MemoryKernel;
import org.vnet4j.contract.memory.MemoryOwners;
import org.vnet4j.spi.StackParts;

/** Tests what a sweep removes, what it leaves, and in which order. */
class SweepTest {
  private static final Owner ME = MemoryOwners.owner("lab", 1);
  private static final Owner GONE = MemoryOwners.owner("lab", 2);
  private static final Owner ALIVE = MemoryOwners.owner("lab", 3);
  private static final Owner OTHER = MemoryOwners.owner("other", 4);

  private final MemoryKernel kernel = new MemoryKernel();
  private final Vnet vnet = StackParts.vnet(kernel);
  private final Host host = vnet.host();

  @BeforeEach
  void somebody_else_makes() {
    kernel.owners().become(GONE);
  }

  @AfterEach
  void close() {
    vnet.close();
  }

  private Sweep sweep() {
    kernel.owners().die(GONE);
    kernel.owners().die(OTHER);
    kernel.owners().become(ME);
    return vnet.sweep();
  }

  private static List<String> names(List<Sweep.Leftover> leftovers) {
    return leftovers.stream()
        .map(one -> one.kind().name().toLowerCase() + " " + one.name())
        .toList();
  }

  private List<String> interfaces() {
    return host.ifconfig().stream().map(InterfaceInfo::name).toList();
  }

  @Test
  void what_a_dead_owner_left_goes_jails_within_others_first() {
    Epair cable = host.epair().create();
    Jail outer = host.jail("outer").childrenMax(1).vnet(cable.b()).create();
    outer.jail("inner").create();
    host.bridge().create().add(cable.a());

    Sweep sweep = sweep();
    List<String> planned = names(sweep.dryRun());
    assertThat(vnet.jls()).as("a dry run changes nothing").hasSize(2);
    Sweep.Result result = sweep.run();

    assertThat(planned)
        .containsExactly(
            "jail outer.inner",
            "jail outer",
            "interface epair0a",
            "interface bridge0",
            "interface epair0b");
    assertThat(names(result.removed())).containsExactlyInAnyOrderElementsOf(planned);
    assertThat(names(result.removed())).startsWith("jail outer.inner", "jail outer");
    assertThat(result.failed()).isEmpty();
    assertThat(vnet.jls()).isEmpty();
    assertThat(interfaces()).containsExactly("lo0");
    assertThat(outer.exists()).isFalse();
    assertThat(cable.b().exists()).isFalse();
    assertThat(vnet.sweep().dryRun()).isEmpty();
  }

  @Test
  void what_is_mine_or_of_one_who_lives_stays() {
    kernel.owners().become(ME);
    host.jail("mine").create();
    host.epair().create();
    kernel.owners().become(ALIVE);
    host.jail("theirs").create();
    host.bridge().create();

    assertThat(sweep().run().removed()).isEmpty();
    assertThat(vnet.jls()).hasSize(2);
    assertThat(interfaces()).containsExactly("lo0", "epair0a", "epair0b", "bridge0");
  }

  @Test
  void a_persistent_jail_stays_with_what_its_run_made_until_it_is_asked_for() {
    host.jail("web").persist().vnet(host.epair().create().b()).create();
    host.jail("scratch").create();

    assertThat(names(sweep().run().removed())).containsExactly("jail scratch");
    assertThat(interfaces()).containsExactly("lo0", "epair0a");
    assertThat(names(vnet.sweep().persistent().run().removed()))
        .containsExactlyInAnyOrder("jail web", "interface epair0a", "interface epair0b");
    assertThat(interfaces()).containsExactly("lo0");
  }

  @Test
  void another_applications_leftovers_go_when_they_are_asked_for() {
    kernel.owners().become(OTHER);
    host.jail("web").create();

    assertThat(sweep().run().removed()).isEmpty();
    assertThat(vnet.sweep().application("third").dryRun()).isEmpty();
    assertThat(names(vnet.sweep().application("other").dryRun())).containsExactly("jail web");
    assertThat(names(vnet.sweep().everyApplication().run().removed())).containsExactly("jail web");
  }

  @Test
  void what_somebody_uses_stays_a_jail_around_his_a_cable_into_his_and_a_bridge_with_it() {
    Epair cable = host.epair().create();
    Jail outer = host.jail("outer").childrenMax(1).create();
    Bridge used = host.bridge().create();
    Bridge free = host.bridge().create();
    kernel.owners().become(ALIVE);
    Jail inner = outer.jail("inner").create();
    Jail web = host.jail("web").vnet(cable.b()).create();
    used.add(cable.a());

    assertThat(names(sweep().run().removed())).containsExactly("interface bridge1");
    assertThat(inner.exists()).isTrue();
    assertThat(web.iface("epair0b").exists()).isTrue();
    assertThat(used.exists()).isTrue();
    assertThat(free.exists()).isFalse();
  }

  @Test
  void what_outlived_an_interface_goes_if_its_owner_is_dead() {
    kernel.owners().leave("epair7a");
    kernel.owners().become(ALIVE);
    kernel.owners().leave("epair8a");

    assertThat(names(sweep().dryRun())).containsExactly("record epair7a");
    assertThat(names(vnet.sweep().run().removed())).containsExactly("record epair7a");
    assertThat(vnet.sweep().dryRun()).isEmpty();
    assertThat(kernel.owners().remains()).hasSize(1);
  }

  @Test
  void an_owner_reads_back_from_its_mark_and_nothing_else_does() {
    Owner owner = new Owner("my-app_1.0", 7, 4711, 81523, 4712, "3f9a1c22", "effffffc");

    assertThat(Owner.parse(owner.mark())).contains(owner);
    assertThat(Owner.parse(owner.mark() + ":12")).contains(owner);
    for (String other : List.of("", "x", "a/1/2/3", "a b/1/2/3/4/5/6", owner.mark() + "/1")) {
      assertThat(Owner.parse(other)).as(other).isEmpty();
    }
  }
}
