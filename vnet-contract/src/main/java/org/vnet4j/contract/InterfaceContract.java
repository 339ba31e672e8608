// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.LinkStatus;
import org.vnet4j.NetInterface;
import org.vnet4j.NetInterface.AddressNotFoundException;
import org.vnet4j.NetInterface.NameTakenException;
import org.vnet4j.NetInterface.NotFoundException;
import org.vnet4j.NetworkStack;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.MacAddress;

/** Epairs, and what every interface has: name, addresses, MTU, MAC, description, counters. */
public abstract class InterfaceContract extends Contract {

  @Test
  void cables_without_names_are_numbered() {
    Epair first = host.epair().create();
    Epair second = host.epair().create();

    assertThat(first).hasToString("epair0a@host <-> epair0b@host");
    assertThat(second).hasToString("epair1a@host <-> epair1b@host");
    assertThat(first.a().info().kind()).isEqualTo(InterfaceKind.EPAIR);
  }

  @Test
  void cables_get_the_names_asked_for() {
    Epair cable = host.epair().names("left", "a-much.longer_b").create();

    assertThat(names(host)).contains("left", "a-much.longer_b");
    assertThat(cable.b().name()).isEqualTo("a-much.longer_b");
  }

  @Test
  void a_cable_comes_out_down_without_addresses_and_with_two_macs() {
    Epair cable = host.epair().create();

    assertThat(cable.a().isUp()).isFalse();
    assertThat(cable.b().isUp()).isFalse();
    assertThat(cable.a().addresses()).isEmpty();
    assertThat(cable.a().lladdr()).isPresent().isNotEqualTo(cable.b().lladdr());
    assertThat(cable.a().mtu()).isEqualTo(1500);
  }

  @Test
  void a_cable_is_made_with_end_b_in_a_jail() {
    Jail jail = jail("web");

    Epair cable = host.epair().vnet(jail).create();

    assertThat(cable.b().stack()).isSameAs(jail);
    assertThat(names(jail)).contains(cable.b().name());
    assertThat(names(host)).contains(cable.a().name()).doesNotContain(cable.b().name());
    assertThat(cable.a().lladdr()).isNotEqualTo(cable.b().lladdr());
  }

  @Test
  void a_jail_takes_the_ends_of_many_unnamed_cables() {
    Jail jail = jail("web");

    Epair one = host.epair().vnet(jail).create();
    Epair two = host.epair().vnet(jail).create();
    Epair inside = jail.epair().create();

    assertThat(names(jail))
        .contains(one.b().name(), two.b().name(), inside.a().name(), inside.b().name())
        .doesNotHaveDuplicates();
  }

  @Test
  void several_addresses_are_added_and_removed_one_by_one() {
    NetInterface end = cable(host, host).a();

    end.inet("192.0.2.1/24").inet("192.0.2.9/24").inet("10.0.0.1/8").inet("192.0.2.9/24");
    assertThat(end.addresses())
        .containsExactlyInAnyOrder(
            Cidr.parse("192.0.2.1/24"), Cidr.parse("192.0.2.9/24"), Cidr.parse("10.0.0.1/8"));

    end.deleteAddress("192.0.2.1/24");
    assertThat(end.addresses())
        .containsExactlyInAnyOrder(Cidr.parse("192.0.2.9/24"), Cidr.parse("10.0.0.1/8"));
    refused(AddressNotFoundException.class, () -> end.deleteAddress("192.0.2.1/24"), "192.0.2.1");
  }

  @Test
  void addresses_and_names_may_be_what_the_api_returns() {
    NetInterface end = cable(host, host).a();
    Cidr address = Cidr.parse("192.0.2.1/24");

    end.inet(address).addAddress(address).lladdr("02:00:00:00:00:07");

    assertThat(end.addresses()).containsExactly(address);
    assertThat(end.lladdr()).contains(MacAddress.parse("02:00:00:00:00:07"));
    refused(IllegalArgumentException.class, () -> end.inet6(address), "192.0.2.1/24");
    end.deleteAddress(address);
    refused(AddressNotFoundException.class, () -> end.deleteAddress(address), "192.0.2.1");
  }

  @Test
  void an_interface_is_found_by_name() {
    NetInterface end = cable(host, host).a();

    assertThat(host.findIface("c0a")).contains(end);
    assertThat(host.findIface("nosuch")).isEmpty();
    refused(NotFoundException.class, () -> host.iface("nosuch"), "nosuch");
    refused(IllegalArgumentException.class, () -> host.findIface("a b"), "a b");
  }

  @Test
  void an_interface_goes_up_and_down() {
    NetInterface end = cable(host, host).a();

    assertThat(end.up().isUp()).isTrue();
    assertThat(end.up().isUp()).isTrue();
    assertThat(end.down().isUp()).isFalse();
  }

  @Test
  void an_epair_carries_packets_as_soon_as_its_second_end_is_up() {
    Jail jail = jail("web");
    for (int i = 0; i < 10; i++) {
      Epair cable = cable(host, jail);
      cable.a().up();
      cable.b().up();
      assertThat(cable.a().info().status()).isEqualTo(LinkStatus.ACTIVE);
      assertThat(cable.b().info().status()).isEqualTo(LinkStatus.ACTIVE);
      cable.destroy();
    }
  }

  @Test
  void the_mtu_is_set() {
    NetInterface end = cable(host, host).a();

    assertThat(end.mtu(1280).mtu()).isEqualTo(1280);
    refused(IllegalArgumentException.class, () -> end.mtu(67), "67");
    refused(IllegalArgumentException.class, () -> end.mtu(65536), "65536");
  }

  @Test
  void the_mac_address_is_set() {
    NetInterface end = cable(host, host).a();
    MacAddress mac = MacAddress.parse("02:00:00:00:00:2a");

    assertThat(end.lladdr(mac).lladdr()).contains(mac);
    refused(
        IllegalArgumentException.class,
        () -> end.lladdr(MacAddress.parse("ff:ff:ff:ff:ff:ff")),
        "ff:ff:ff:ff:ff:ff");
  }

  @Test
  void the_description_is_set_and_cleared() {
    NetInterface end = cable(host, host).a();
    assertThat(end.description()).isEmpty();

    assertThat(end.description("to the café, \"quoted\" $(x)").description())
        .isEqualTo("to the café, \"quoted\" $(x)");
    assertThat(end.toString()).contains("\n\tdescription: to the café");
    assertThat(end.description("é".repeat(60)).description()).isEqualTo("é".repeat(60));
    assertThat(end.description("").description()).isEmpty();
    refused(IllegalArgumentException.class, () -> end.description("é".repeat(61)), "120");
    refused(IllegalArgumentException.class, () -> end.description("two\nlines"), "one line");
  }

  @Test
  void a_handle_follows_a_new_name() {
    Jail jail = jail("web");
    NetInterface end = cable(host, jail).b();
    NetInterface same = jail.iface("c0b");

    end.rename("uplink");

    assertThat(end.name()).isEqualTo("uplink");
    assertThat(same.name()).isEqualTo("uplink");
    assertThat(names(jail)).contains("uplink").doesNotContain("c0b");
    assertThat(end.inet("192.0.2.2/24").up().isUp()).isTrue();
  }

  @Test
  void a_name_in_use_is_taken() {
    cable(host, host);

    refused(NameTakenException.class, () -> host.iface("c0a").rename("c0b"), "c0b");
    refused(NameTakenException.class, () -> host.epair().names("c0a", "free").create(), "c0a");
    refused(NameTakenException.class, () -> host.epair().names("free", "c0a").create(), "c0a");
  }

  @Test
  void a_name_in_use_in_the_jail_is_taken_for_end_b() {
    Jail jail = jail("web");
    cable(host, jail);

    refused(
        NameTakenException.class,
        () -> host.epair().names("free", "c0b").vnet(jail).create(),
        "c0b");
  }

  @Test
  void an_error_names_the_jail() {
    Jail jail = jail("web");

    refused(NotFoundException.class, () -> jail.iface("nosuch"), "nosuch", " (in jail web)");
    assertThat(refused(NotFoundException.class, () -> host.iface("nosuch"), "nosuch"))
        .hasMessageNotContaining("jail");
  }

  @Test
  void both_ends_may_have_one_name_in_two_stacks_and_are_told_apart() {
    Jail left = jail("left");
    Jail right = jail("right");
    List<NetworkStack[]> ways =
        List.of(
            new NetworkStack[] {host, left},
            new NetworkStack[] {right, host},
            new NetworkStack[] {right, left},
            new NetworkStack[] {left, right});
    for (int i = 0; i < ways.size(); i++) {
      String name = "eth" + i;
      NetworkStack from = ways.get(i)[0];
      NetworkStack to = ways.get(i)[1];

      Epair cable = from.epair().names(name, name).vnet(to).create();

      assertThat(cable).hasToString(name + "@" + from.name() + " <-> " + name + "@" + to.name());
      assertThat(from.iface(name).peer()).contains(cable.b());
      assertThat(to.iface(name).peer()).contains(cable.a());
      assertThat(from.iface(name).lladdr()).isNotEqualTo(to.iface(name).lladdr());
    }
    assertThat(vnet.epairs()).hasSize(ways.size());

    right.iface("eth2").destroy();
    assertThat(names(left)).contains("eth0", "eth3").doesNotContain("eth2");
  }

  @Test
  void an_end_whose_home_has_its_other_end_of_the_same_name_returns_under_another() {
    Jail jail = jail("web");
    Epair cable = host.epair().names("eth0", "eth0").vnet(jail).create();

    jail.remove();

    assertThat(cable.a().name()).isEqualTo("eth0");
    assertThat(cable.b().stack()).isSameAs(host);
    assertThat(cable.b().name()).isNotEqualTo("eth0");
    assertThat(host.iface("eth0").peer()).contains(cable.b());
  }

  @Test
  void both_ends_in_one_stack_cannot_have_one_name() {
    Jail jail = jail("web");

    refused(
        IllegalArgumentException.class,
        () -> jail.epair().names("eth0", "eth0").create(),
        "both ends of an epair in web cannot be named \"eth0\"");
  }

  @Test
  void an_interface_reads_like_ifconfig() {
    cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24").a().description("web");
    String mac = host.iface("c0a").lladdr().get().toString();

    assertThat(host.iface("c0a").toString())
        .matches("(?s)c0a: flags=[0-9a-f]+<UP,BROADCAST,[A-Z_,0-9]+> mtu 1500\n.*")
        .contains("\n\tdescription: web")
        .contains("\n\tether " + mac)
        .contains("\n\tinet 192.0.2.1 netmask 0xffffff00 broadcast 192.0.2.255");
  }

  @Test
  void counters_count_what_goes_by() {
    needsTraffic();
    NetInterface end = cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24").a();
    reaches(host, "192.0.2.2");
    InterfaceCounters before = end.counters();

    assertThat(host.ping("192.0.2.2").count(3).size(1000).run().received()).isEqualTo(3);

    InterfaceCounters after = end.counters();
    assertThat(after.packetsIn() - before.packetsIn()).isBetween(3L, 20L);
    assertThat(after.packetsOut() - before.packetsOut()).isBetween(3L, 20L);
    assertThat(after.bytesIn() - before.bytesIn()).isGreaterThan(3000);
    assertThat(after.errorsIn()).isZero();
  }
}
