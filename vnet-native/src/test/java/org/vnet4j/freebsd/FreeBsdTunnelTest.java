// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.net.Cidr;

/** Tests the errors and addresses of tunnels that only FreeBSD has. */
class FreeBsdTunnelTest {
  private final Vnet vnet = new SimMachine().sandbox();

  @AfterEach
  void close() {
    vnet.close();
  }

  @Test
  void an_address_of_a_network_of_more_than_two_is_refused_and_says_what_to_give() {
    NetInterface gif = vnet.host().gif("198.51.100.1", "198.51.100.2").create();

    for (String wide : new String[] {"10.0.0.1/24", "10.0.0.3/30", "10.0.0.4/30", "10.0.0.1/32"}) {
      assertThatThrownBy(() -> gif.inet(wide))
          .isInstanceOf(VnetException.class)
          .hasMessageContaining("SIOCAIFADDR gif0 " + wide + ": EDESTADDRREQ")
          .hasMessageContaining("/30 or /31");
    }
    assertThat(gif.addresses()).isEmpty();
  }

  @Test
  void the_far_end_is_the_other_address_of_a_network_of_two() {
    assertThat(FreeBsdInterfaces.otherOfTwo(Cidr.parse("10.0.0.5/30"))).hasToString("/10.0.0.6");
    assertThat(FreeBsdInterfaces.otherOfTwo(Cidr.parse("10.0.0.6/30"))).hasToString("/10.0.0.5");
    assertThat(FreeBsdInterfaces.otherOfTwo(Cidr.parse("10.0.0.6/31"))).hasToString("/10.0.0.7");
    assertThat(FreeBsdInterfaces.otherOfTwo(Cidr.parse("10.0.0.7/31"))).hasToString("/10.0.0.6");
  }
}
