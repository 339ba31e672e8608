// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Route;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/** IPv6 addresses, routes and pings. */
public abstract class Ipv6Contract extends Contract {

  @BeforeEach
  void needs_ipv6() {
    needs(Capability.IPV6);
  }

  @Test
  void an_address_is_added_listed_and_removed() {
    NetInterface end = cable(host, jail("web")).a();

    end.inet6("2001:db8::1/64").up();
    assertThat(end.addresses()).contains(Cidr.parse("2001:db8::1/64"));
    assertThat(end.toString()).contains("\n\tinet6 2001:db8::1 prefixlen 64");

    end.deleteAddress("2001:db8::1/64");
    assertThat(end.addresses()).doesNotContain(Cidr.parse("2001:db8::1/64"));
  }

  @Test
  void both_families_live_on_one_interface_and_ipv4_is_listed_first() {
    NetInterface end = cable(host, host).a();

    end.inet6("2001:db8::1/64").inet("192.0.2.1/24").inet6("2001:db8::2/64");

    assertThat(end.addresses())
        .startsWith(Cidr.parse("192.0.2.1/24"))
        .contains(Cidr.parse("2001:db8::1/64"), Cidr.parse("2001:db8::2/64"));
  }

  @Test
  void an_interface_that_is_down_keeps_its_addresses() {
    Jail jail = jail("web");
    for (NetInterface end : List.of(cable(host, jail).b(), cable(host, host).a())) {
      end.inet6("2001:db8::1/64").inet("192.0.2.1/24").up();

      end.down();
      assertThat(end.addresses())
          .contains(Cidr.parse("2001:db8::1/64"), Cidr.parse("192.0.2.1/24"));
      end.up();
      assertThat(end.addresses()).contains(Cidr.parse("2001:db8::1/64"));
    }
  }

  @Test
  void an_mtu_that_costs_addresses_is_refused_or_costs_none() {
    NetInterface end = cable(host, host).a().inet6("2001:db8::1/64").up();
    int before = end.mtu();
    try {
      end.mtu(1279);
    } catch (VnetException e) {
      assertThat(e).hasMessageContaining("1280").hasMessageContaining("2001:db8::1/64");
      assertThat(end.mtu()).isEqualTo(before);
    }
    assertThat(end.addresses()).contains(Cidr.parse("2001:db8::1/64"));
  }

  @Test
  void an_address_that_is_there_is_no_error() {
    NetInterface end = cable(host, host).a().inet6("2001:db8::1/64");

    end.inet6("2001:db8::1/64");

    assertThat(end.addresses()).containsOnlyOnce(Cidr.parse("2001:db8::1/64"));
  }

  @Test
  void addresses_do_not_move_with_their_interface() {
    Jail jail = jail("web");
    NetInterface end = cable(host, host).b().inet6("2001:db8::2/64").up();

    jail.vnet(end);

    assertThat(end.addresses()).isEmpty();
  }

  @Test
  void a_neighbour_answers_at_once() {
    needsTraffic();
    Jail jail = jail("web");
    cable(host, jail, "2001:db8::1/64", "2001:db8::2/64");

    reaches(host, "2001:db8::2");
    reaches(jail, "2001:db8::1");
  }

  @Test
  void a_link_local_neighbour_is_reached_by_its_zone() {
    needsTraffic();
    Jail jail = jail("web");
    Epair cable = cable(host, jail, "fe80::1/64", "fe80::2/64");

    reaches(host, "fe80::2%" + cable.a().name());
    reaches(jail, "fe80::1%" + cable.b().name());
    assertThat(cable.a().toString()).contains("\n\tinet6 fe80::1%c0a prefixlen 64 scopeid 0x");
  }

  @Test
  void routes_are_added_listed_and_deleted() {
    cable(host, jail("web"), "2001:db8::1/64", "2001:db8::2/64");

    host.routes().add("2001:db8:1::/48", "2001:db8::2").add("default", "2001:db8::2");

    assertThat(host.routes().list())
        .contains(
            Route.via(Cidr.parse("2001:db8:1::/48"), IpLiteral.parse("2001:db8::2"), "c0a"),
            Route.via(Cidr.parse("::/0"), IpLiteral.parse("2001:db8::2"), "c0a"));

    host.routes().delete("2001:db8:1::/48").delete("::/0");

    assertThat(host.routes().list())
        .noneMatch(route -> route.gateway().equals(Optional.of(IpLiteral.parse("2001:db8::2"))));
  }

  @Test
  void a_soft_router_forwards_ipv6_too() {
    needsTraffic();
    needs(Capability.FORWARDING);
    Jail left = jail("left");
    Jail router = jail("router");
    Jail right = jail("right");
    cable(router, left, "2001:db8:1::1/64", "2001:db8:1::2/64");
    cable(router, right, "2001:db8:2::1/64", "2001:db8:2::2/64");
    left.routes().add("default", "2001:db8:1::1");
    right.routes().add("default", "2001:db8:2::1");
    reaches(left, "2001:db8:1::1");
    reaches(right, "2001:db8:2::1");
    doesNotReach(left, "2001:db8:2::2");

    router.forwarding(true);

    reaches(left, "2001:db8:2::2");
  }
}
