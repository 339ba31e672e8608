// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetInterface.NameTakenException;
import org.vnet4j.NetInterface.NotFoundException;
import org.vnet4j.Vnet;
import org.vnet4j.net.InterfaceKind;

/** Tests the other kinds of interface, where the kernel has them. */
public abstract class InterfaceKindsContract extends Contract {

  @Test
  void a_bridge_is_numbered_or_named() {
    needs(Capability.BRIDGE);

    assertThat(host.bridge().create().name()).isEqualTo("bridge0");
    assertThat(host.bridge().create().name()).isEqualTo("bridge1");
    assertThat(host.bridge().name("switch").create().isUp()).isFalse();
    refused(NameTakenException.class, () -> host.bridge().name("switch").create(), "switch");
  }

  @Test
  void a_tap_is_made_given_and_destroyed() {
    needs(Capability.TAP);
    Jail jail = jail("vm");
    NetInterface tap = host.tap().create();
    NetInterface named = host.tap().name("vm1").create();

    assertThat(tap.name()).isEqualTo("tap0");
    assertThat(tap.info().kind()).isEqualTo(InterfaceKind.TAP);
    assertThat(tap.lladdr()).isPresent();
    assertThat(named.vnet(jail).stack()).isSameAs(jail);
    refused(NameTakenException.class, () -> jail.tap().name("vm1").create(), "vm1");
    tap.destroy();
    assertThat(tap.exists()).isFalse();
  }

  @Test
  void a_tap_is_made_in_a_jail() {
    needs(Capability.TAP);
    Jail jail = jail("vm");

    NetInterface tap = jail.tap().create();

    assertThat(names(jail)).contains(tap.name());
    assertThat(names(host)).doesNotContain(tap.name());
  }

  @Test
  void a_further_loopback_is_made() {
    needs(Capability.LOOPBACK);

    NetInterface lo = host.loopback().create();

    assertThat(lo.info().kind()).isEqualTo(InterfaceKind.LOOPBACK);
    assertThat(lo.inet("127.0.1.1/24").up().isUp()).isTrue();
    lo.destroy();
    assertThat(lo.exists()).isFalse();
  }

  @Test
  void every_stack_has_a_loopback_of_its_own() {
    needsTraffic();
    Jail jail = jail("web");
    loopback(jail);

    reaches(jail, "127.0.0.1");
  }

  @Test
  void a_vlan_separates_what_shares_a_cable() {
    needs(Capability.VLAN);
    Jail jail = jail("web");
    Epair cable = cable(host, jail);
    cable.a().up();
    cable.b().up();

    NetInterface here = host.vlan(cable.a(), 42).create();
    NetInterface there = jail.vlan(cable.b(), 42).name("guests").create();

    assertThat(here.name()).isEqualTo("vlan0");
    assertThat(there.name()).isEqualTo("guests");
    assertThat(here.info().kind()).isEqualTo(InterfaceKind.VLAN);
    refused(NotFoundException.class, () -> host.vlan(cable.b(), 7), "c0b", "web");
    refused(IllegalArgumentException.class, () -> host.vlan(cable.a(), 4095), "4095");
    if (carriesTraffic()) {
      here.inet("192.0.2.1/24").up();
      there.inet("192.0.2.2/24").up();
      reaches(host, "192.0.2.2");
      here.destroy();
      host.vlan(cable.a(), 43).create().inet("192.0.2.1/24").up();
      doesNotReach(host, "192.0.2.2");
    }
  }

  @Test
  void a_vxlan_carries_a_network_over_another() {
    needs(Capability.VXLAN);
    Jail jail = jail("far");
    cable(host, jail, "198.51.100.1/24", "198.51.100.2/24");

    NetInterface here = host.vxlan(7, "198.51.100.1", "198.51.100.2").create();
    NetInterface there = tunnel(jail);

    assertThat(here.name()).isEqualTo("vxlan0");
    assertThat(here.info().kind()).isEqualTo(InterfaceKind.VXLAN);
    refused(
        IllegalArgumentException.class,
        () -> host.vxlan(1 << 24, "198.51.100.1", "198.51.100.2"),
        "16777216");
    if (carriesTraffic()) {
      here.inet("192.0.2.1/24").up();
      there.inet("192.0.2.2/24").up();
      reaches(host, "192.0.2.2");
    }
  }

  private static NetInterface tunnel(Jail jail) {
    try {
      return jail.vxlan(7, "198.51.100.2", "198.51.100.1").name("tunnel").create();
    } catch (Vnet.UnsupportedException e) {
      return abort(e.getMessage()); // FreeBSD creates them on the host only
    }
  }
}
