// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Route;
import org.vnet4j.Routes;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/** Tests routes, and a jail that forwards as a router. */
public abstract class RouteContract extends Contract {

  @Test
  void an_address_brings_the_route_to_its_network() {
    cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");

    assertThat(host.routes().list()).contains(Route.onLink(Cidr.parse("192.0.2.0/24"), "c0a"));
  }

  @Test
  void routes_by_a_gateway_are_added_listed_and_deleted() {
    cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");

    host.routes().add("198.51.100.0/24", "192.0.2.2").add("203.0.113.9", "192.0.2.2");

    assertThat(host.routes().list())
        .contains(
            Route.via(Cidr.parse("198.51.100.0/24"), IpLiteral.parse("192.0.2.2"), "c0a"),
            Route.via(Cidr.parse("203.0.113.9/32"), IpLiteral.parse("192.0.2.2"), "c0a"));

    host.routes().delete("198.51.100.0/24").delete("203.0.113.9");

    assertThat(host.routes().list())
        .noneMatch(route -> route.gateway().equals(Optional.of(IpLiteral.parse("192.0.2.2"))));
  }

  @Test
  void a_link_local_router_is_named_with_its_interface() {
    needs(Capability.IPV6);
    Jail jail = jail("web");
    cable(host, jail, "2001:db8::1/64", "2001:db8::2/64");
    Cidr all = Cidr.parse("::/0");

    jail.routes().add("default", "fe80::1%c0b");

    assertThat(jail.routes().find(all)).contains(Route.via(all, IpLiteral.parse("fe80::1"), "c0b"));

    jail.routes().delete("default");

    assertThat(jail.routes().find(all)).isEmpty();
  }

  @Test
  void of_two_default_routes_that_of_ipv4_is_deleted_first() {
    needs(Capability.IPV6);
    Jail jail = jail("web");
    cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    jail.iface("c0b").inet6("2001:db8::2/64");
    jail.routes().add("default", "192.0.2.1").add("default", "2001:db8::1");

    jail.routes().delete("default");
    assertThat(jail.routes().list())
        .filteredOn(Route::isDefault)
        .extracting(route -> route.destination().isIpv6())
        .containsExactly(true);

    jail.routes().delete("default");
    assertThat(jail.routes().list()).noneMatch(Route::isDefault);
    assertThatThrownBy(() -> jail.routes().delete("default"))
        .isInstanceOf(Routes.NotFoundException.class);
  }

  @Test
  void the_default_route_is_called_default() {
    Jail jail = jail("web");
    cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");

    jail.routes().add("default", "192.0.2.1");

    assertThat(jail.routes().list()).filteredOn(Route::isDefault).hasSize(1);
    assertThat(jail.routes().list())
        .extracting(Route::toString)
        .contains("default via 192.0.2.1 dev c0b");

    jail.routes().delete("default");
    assertThat(jail.routes().list()).noneMatch(Route::isDefault);
  }

  @Test
  void a_network_may_be_on_the_link_of_an_interface() {
    NetInterface end = cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24").a();

    host.routes().add("198.51.100.0/24", end);

    assertThat(host.routes().list()).contains(Route.onLink(Cidr.parse("198.51.100.0/24"), "c0a"));
  }

  @Test
  void routes_belong_to_their_stack() {
    Jail jail = jail("web");
    cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    host.routes().add("198.51.100.0/24", "192.0.2.2");

    assertThat(jail.routes().list())
        .noneMatch(route -> route.destination().equals(Cidr.parse("198.51.100.0/24")));
  }

  @Test
  void a_route_is_added_once() {
    cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");
    host.routes().add("198.51.100.0/24", "192.0.2.2");

    refused(
        Routes.ExistsException.class,
        () -> host.routes().add("198.51.100.0/24", "192.0.2.2"),
        "198.51.100.0/24");
  }

  @Test
  void a_route_that_is_not_there_cannot_be_deleted() {
    Route never = Route.via(Cidr.parse("198.51.100.0/24"), IpLiteral.parse("192.0.2.2"));
    cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");

    refused(
        Routes.NotFoundException.class,
        () -> host.routes().delete("198.51.100.0/24"),
        "198.51.100.0/24");
    refused(Routes.NotFoundException.class, () -> host.routes().delete(never), "198.51.100.0/24");
  }

  @Test
  void a_gateway_must_be_on_a_network_of_the_stack() {
    cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");

    refused(
        Routes.UnreachableException.class,
        () -> host.routes().add("198.51.100.0/24", "203.0.113.1"),
        "198.51.100.0/24",
        "203.0.113.1");
  }

  @Test
  void a_destination_and_its_gateway_are_of_one_family() {
    refused(
        IllegalArgumentException.class,
        () -> host.routes().add("198.51.100.0/24", "2001:db8::1"),
        "198.51.100.0/24",
        "2001:db8::1");
  }

  @Test
  void an_interface_of_another_stack_cannot_carry_a_route() {
    NetInterface end = cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24").b();

    refused(
        NetInterface.NotFoundException.class,
        () -> host.routes().add("198.51.100.0/24", end),
        "c0b",
        "web");
  }

  @Test
  void a_route_is_found_by_its_destination_alone() {
    cable(host, jail("web"), "192.0.2.1/24", "192.0.2.2/24");
    Cidr there = Cidr.parse("198.51.100.0/24");
    Cidr alone = Cidr.host(IpLiteral.parse("203.0.113.9"));

    host.routes().add(there, IpLiteral.parse("192.0.2.2")).add(alone, host.iface("c0a"));

    assertThat(host.routes().find(there).flatMap(Route::gateway))
        .contains(IpLiteral.parse("192.0.2.2"));
    assertThat(host.routes().find(alone)).contains(Route.onLink(alone, "c0a"));
    assertThat(host.routes().find(Cidr.parse("198.51.100.0/25"))).isEmpty();

    host.routes().delete(there).delete(alone);

    assertThat(host.routes().find(there)).isEmpty();
    refused(Routes.NotFoundException.class, () -> host.routes().delete(there), "198.51.100.0/24");
  }

  @Test
  void a_new_stack_is_no_router() {
    assertThat(host.forwarding()).isFalse();
    assertThat(jail("web").forwarding()).isFalse();
  }

  @Test
  void forwarding_is_switched_in_one_stack_alone() {
    needs(Capability.FORWARDING);
    Jail one = jail("one");
    Jail two = jail("two");

    one.forwarding(true);

    assertThat(one.forwarding()).isTrue();
    assertThat(two.forwarding()).isFalse();
    assertThat(host.forwarding()).isFalse();

    one.forwarding(false);
    assertThat(one.forwarding()).isFalse();
  }

  @Test
  void a_soft_router_joins_two_subnets_while_it_forwards() {
    needsTraffic();
    needs(Capability.FORWARDING);
    Jail left = jail("left");
    Jail router = jail("router");
    Jail right = jail("right");
    cable(router, left, "192.0.2.1/24", "192.0.2.2/24");
    cable(router, right, "198.51.100.1/24", "198.51.100.2/24");
    left.routes().add("default", "192.0.2.1");
    right.routes().add("192.0.2.0/24", "198.51.100.1");
    reaches(left, "192.0.2.1");
    reaches(right, "198.51.100.1");
    doesNotReach(left, "198.51.100.2");

    router.forwarding(true);

    reaches(left, "198.51.100.2");
    reaches(right, "192.0.2.2");

    router.forwarding(false);
    doesNotReach(left, "198.51.100.2");
  }
}
