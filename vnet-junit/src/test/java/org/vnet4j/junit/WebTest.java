// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/** The test that docs/testing.md shows. */
@VnetTest(topology = "LAB", capture = true)
class WebTest {
  static final Topology LAB =
      Topology.named("lab")
          .routers("r1")
          .hosts("web", "db")
          .link("web", "r1")
          .link("db", "r1")
          .build()
          .addressed("10.0.0.0/16")
          .routed();

  @Test
  void each_reaches_the_other(Network lab) {
    assertThat(lab.pingAll().unreachable()).isEmpty();
  }

  @Test
  void a_router_that_forwards_nothing_is_noticed(@Node("web") Jail web, @Node("r1") Jail router) {
    assertThat(web.ping("10.0.0.6").run().isAnswered()).isTrue();
    router.forwarding(false);
    assertThat(web.ping("10.0.0.6").timeout(Duration.ofMillis(200)).run().isAnswered()).isFalse();
  }

  @VnetTest(needs = Capability.BRIDGE)
  void a_sandbox_is_a_place_like_any_other(Host host) {
    host.bridge().create().up();
  }
}
