// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.vnet4j.Jail;
import org.vnet4j.contract.kit.WordServer;
import org.vnet4j.net.Cidr;

/** Two stacks use the same addresses without a conflict. */
public abstract class OverlapContract extends Contract {

  @Test
  void two_jails_have_the_same_address() {
    Jail one = jail("one");
    Jail two = jail("two");
    cable(host, one, "192.0.2.1/24", "10.0.0.2/24");
    cable(host, two, "198.51.100.1/24", "10.0.0.2/24");

    assertThat(one.iface("c0b").addresses()).contains(Cidr.parse("10.0.0.2/24"));
    assertThat(two.iface("c1b").addresses()).contains(Cidr.parse("10.0.0.2/24"));
  }

  @Test
  void each_is_pinged_by_its_own_neighbour() {
    needsTraffic();
    Jail client = jail("client");
    Jail server = jail("server");
    Jail otherClient = jail("other-client");
    Jail otherServer = jail("other-server");
    cable(client, server, "10.0.0.1/24", "10.0.0.2/24");
    cable(otherClient, otherServer, "10.0.0.1/24", "10.0.0.2/24");
    reaches(client, "10.0.0.2");
    reaches(otherClient, "10.0.0.2");

    server.iface("c0b").down();

    doesNotReach(client, "10.0.0.2");
    reaches(otherClient, "10.0.0.2");
  }

  @Test
  void each_speaks_to_its_own_neighbour() throws IOException {
    needsTraffic();
    Jail client = jail("client");
    Jail server = jail("server");
    Jail otherClient = jail("other-client");
    Jail otherServer = jail("other-server");
    cable(client, server, "10.0.0.1/24", "10.0.0.2/24");
    cable(otherClient, otherServer, "10.0.0.1/24", "10.0.0.2/24");
    try (WordServer one = new WordServer(server, "10.0.0.2", 8080, "one");
        WordServer two = new WordServer(otherServer, "10.0.0.2", 8080, "two")) {
      assertThat(one.port()).isEqualTo(two.port());

      assertThat(WordServer.ask(client, "10.0.0.2", 8080)).isEqualTo("one");
      assertThat(WordServer.ask(otherClient, "10.0.0.2", 8080)).isEqualTo("two");
    }
  }
}
