// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

class RouteTest {

  @Test
  void a_route_goes_to_a_network_and_not_to_an_address_in_it() {
    Route route = Route.onLink(Cidr.parse("192.0.2.77/24"), "em0");

    assertThat(route.destination()).isEqualTo(Cidr.parse("192.0.2.0/24"));
    assertThat(route).hasToString("192.0.2.0/24 dev em0");
    assertThat(route.gateway()).isEmpty();
    assertThat(route.dev()).contains("em0");
  }

  @Test
  void the_default_route_is_called_default() {
    Route route = Route.via(Cidr.parse("0.0.0.0/0"), IpLiteral.parse("192.0.2.1"), "em0");

    assertThat(route.isDefault()).isTrue();
    assertThat(route).hasToString("default via 192.0.2.1 dev em0");
    assertThat(Route.via(Cidr.parse("::/0"), IpLiteral.parse("fe80::1")))
        .hasToString("default via fe80::1");
  }

  @Test
  void a_route_goes_somewhere() {
    assertThatThrownBy(
            () -> new Route(Cidr.parse("192.0.2.0/24"), Optional.empty(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("route to 192.0.2.0/24: no gateway, no interface");
  }

  @Test
  void a_gateway_is_of_the_family_of_the_destination() {
    assertThatThrownBy(() -> Route.via(Cidr.parse("192.0.2.0/24"), IpLiteral.parse("::1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("192.0.2.0/24")
        .hasMessageContaining("::1")
        .hasMessageContaining("other address family");
  }
}
