// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.vnet4j.Jail;
import org.vnet4j.junit.Node;
import org.vnet4j.junit.VnetTest;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

@VnetTest(topology = "LAB", capture = true)
class OfficeTest {
  static final Topology LAB =
      Topology.named("lab").hosts("web", "db").link("web", "db").build().addressed("10.0.0.0/16");

  @Test
  void it_fails_on_purpose(@Node("web") Jail web) {
    assertTrue(web.ping("10.0.0.2").count(1).run().isAnswered());
    assertEquals(42, 41, "on purpose");
  }

  @Nested
  class Inside {
    @Test
    void a_nested_class_has_the_network_too(Network network) {
      assertTrue(network.pingAll().isComplete());
    }
  }
}
