// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.net.MacAddress;

/** When a jail is removed, lent interfaces return home and its own are destroyed. */
public abstract class ReturnContract extends Contract {

  @Test
  void a_removed_jail_gives_back_what_was_lent() {
    Epair cable = cable(host, host);
    Jail jail = host.jail("web").vnet(cable.b()).create();

    jail.remove();

    assertThat(names(host)).contains("c0a", "c0b");
    assertThat(cable.b().stack()).isSameAs(host);
    assertThat(cable.b().exists()).isTrue();
  }

  @Test
  void what_comes_home_keeps_its_name_mac_mtu_and_description_but_no_addresses() {
    Jail jail = jail("web");
    NetInterface end = cable(host, host).b();
    end.lladdr(GiveContract.MAC).mtu(1400).description("the web's uplink").vnet(jail);
    end.inet("192.0.2.2/24").up();

    jail.remove();

    GiveContract.assertUndressed(end);
  }

  @Test
  void changes_made_in_the_jail_come_home_too() {
    Jail jail = jail("web");
    NetInterface end = cable(host, jail).b();
    MacAddress mac = MacAddress.parse("02:00:00:00:00:77");

    end.rename("door").mtu(1300).lladdr(mac);
    jail.remove();

    assertThat(end.name()).isEqualTo("door");
    assertThat(host.iface("door").mtu()).isEqualTo(1300);
    assertThat(end.lladdr()).contains(mac);
  }

  @Test
  void an_end_created_in_the_jail_by_the_host_goes_home_to_the_host() {
    Jail jail = jail("web");
    Epair cable = cable(host, jail);

    jail.remove();

    assertThat(cable.b().stack()).isSameAs(host);
    assertThat(cable.a().exists()).isTrue();
  }

  @Test
  void what_was_made_in_the_jail_goes_with_it() {
    Jail jail = jail("web");
    Epair inside = jail.epair().create();

    jail.remove();

    assertThat(inside.a().exists()).isFalse();
    assertThat(inside.b().exists()).isFalse();
    assertThat(names(host)).doesNotContain(inside.a().name(), inside.b().name());
    assertThatThrownBy(inside.a()::info).isInstanceOf(NetInterface.NotFoundException.class);
  }

  @Test
  void a_cable_made_in_the_jail_goes_with_it_wherever_its_other_end_is() {
    Jail jail = jail("web");
    Epair cable = cable(jail, host);
    assertThat(names(host)).contains("c0b");

    jail.remove();

    assertThat(names(host)).doesNotContain("c0b");
    assertThat(cable.b().exists()).isFalse();
  }

  @Test
  void what_was_lent_to_a_jail_in_a_jail_comes_home_to_the_host() {
    needs(Capability.NESTED_JAILS);
    Jail outer = host.jail("outer").childrenMax(1).create();
    Jail inner = outer.jail("inner").create();
    NetInterface end = cable(host, host).b().vnet(outer).vnet(inner);

    outer.remove();

    assertThat(end.stack()).isSameAs(host);
    assertThat(names(host)).contains("c0b");
    assertThat(inner.exists()).isFalse();
  }

  @Test
  void what_a_jail_lent_to_its_child_comes_back_to_that_jail() {
    needs(Capability.NESTED_JAILS);
    Jail outer = host.jail("outer").childrenMax(1).create();
    Jail inner = outer.jail("inner").create();
    NetInterface end = cable(outer, inner).b();

    inner.remove();

    assertThat(end.stack()).isSameAs(outer);
    assertThat(names(outer)).contains("c0a", "c0b");
    assertThat(names(host)).doesNotContain("c0b");
  }

  @Test
  void a_guest_whose_name_was_taken_meanwhile_comes_home_under_another() {
    Jail jail = jail("web");
    NetInterface guest = cable(host, jail).b().lladdr(GiveContract.MAC);
    NetInterface usurper = host.epair().names("c0b", "other").create().a();

    jail.remove();

    assertThat(guest.stack()).isSameAs(host);
    assertThat(guest.name()).isNotEqualTo("c0b");
    assertThat(guest.lladdr()).contains(GiveContract.MAC);
    assertThat(usurper.name()).isEqualTo("c0b");
    assertThat(usurper.lladdr()).isNotEqualTo(guest.lladdr());
  }

  @Test
  void closing_brings_home_in_the_same_way() {
    NetInterface end = cable(host, host).b();
    try (Jail jail = host.jail("web").vnet(end).create()) {
      assertThat(end.stack()).isSameAs(jail);
    }
    assertThat(end.stack()).isSameAs(host);
  }
}
