// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/** Tests which routes of a sketch lead somewhere. The contract builds replicas of sketches. */
class StackSketchTest {
  private static final StackSketch SERVER =
      StackSketch.named("server").iface("em0", "192.0.2.1/24").iface("em1", "10.0.0.1/24");

  @Test
  void a_gateway_on_no_network_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SERVER.route("default", "172.31.1.1"))
        .withMessage(
            "route default via 172.31.1.1: no interface of server has an address in its network");
    assertThat(SERVER.route("default", "192.0.2.254").routes()).hasSize(1);
  }

  /** The stack would not use the second either, so no packet takes it in a rehearsal. */
  @Test
  void a_later_route_does_not_stand_in_for_one_that_is_left_out() {
    Cidr everything = Cidr.parse("0.0.0.0/0");
    Route first = Route.via(everything, IpLiteral.parse("172.31.1.1"), "em0");
    Route second = Route.via(everything, IpLiteral.parse("10.0.0.254"), "em1");
    StackSketch sketch =
        new StackSketch("server", SERVER.interfaces(), List.of(first, second), false);

    assertThat(sketch.beyond(IpLiteral.parse("203.0.113.7"))).isEmpty();
    assertThat(sketch.leftOut())
        .containsExactly(
            "route default via 172.31.1.1 dev em0", "route default via 10.0.0.254 dev em1");
  }
}
