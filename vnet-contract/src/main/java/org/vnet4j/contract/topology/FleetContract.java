// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.contract.Contract;
import org.vnet4j.topology.Change;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Part;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topology;
import org.vnet4j.topology.TunnelKind;

/**
 * Tests links to other machines in tunnels of each kind. The sandbox is one machine; a jail stands
 * for the other and has, made by hand, a tunnel of the same number in a bridge with the other
 * node's address.
 */
public abstract class FleetContract extends Contract {
  private static final String HERE = "198.51.100.1";
  private static final String THERE = "198.51.100.2";

  /** Returns the part of the first of two machines. */
  private static Part part(TunnelKind kind, String other) {
    Topology lab =
        Topology.named("lab")
            .hosts("a", "b")
            .link(Link.between("a", "b").mtu(1400))
            .build()
            .addressed("10.0.0.0/16");
    return Spread.of(lab)
        .tunnels(kind)
        .machine("one", HERE, "a")
        .machine("two", other, "b")
        .part("one");
  }

  @Test
  void a_link_is_carried_by_vxlan() {
    needs(Capability.VXLAN);
    carries(TunnelKind.VXLAN, "vni 5000");
  }

  @Test
  void a_link_is_carried_by_gre() {
    needs(Capability.GRE_ETHERNET);
    carries(TunnelKind.GRE, "gre key 5000");
  }

  @Test
  void a_link_is_carried_by_gif() {
    needs(Capability.GIF_ETHERNET);
    carries(TunnelKind.GIF, "gif");
  }

  private void carries(TunnelKind kind, String text) {
    Jail far = jail("far");
    cable(host, far, HERE + "/24", THERE + "/24");
    NetInterface there = other(far, kind);
    Bridge bridge = far.bridge().create();
    bridge.add(there.mtu(1400).up()).inet("10.0.0.2/30").up();
    String was = picture();
    Part part = part(kind, THERE);
    String tunnel = "tunnel tunnel-5000 " + HERE + " -- " + THERE + " " + text;

    assertThat(part.plan(vnet).changes().stream().map(Change::toString))
        .endsWith("+ " + tunnel + " mtu 1400");
    Network network = part.apply(vnet);

    assertThat(part.plan(vnet)).hasToString("lab: nothing to do");
    if (carriesTraffic()) {
      reaches(network.node("a"), "10.0.0.2");
    }
    Part moved = part(kind, "198.51.100.7");
    assertThat(moved.plan(vnet).changes().stream().map(Change::toString))
        .containsExactly("+ " + tunnel.replace(THERE, "198.51.100.7") + " mtu 1400", "- " + tunnel);
    moved.apply(vnet);
    assertThat(moved.plan(vnet).isEmpty()).isTrue();
    Part.destroy(vnet, "lab");
    assertThat(picture()).isEqualTo(was);
    part.apply(vnet).close();
    assertThat(picture()).as("closed").isEqualTo(was);
    part.apply(vnet).destroy();
    assertThat(picture()).as("destroyed").isEqualTo(was);
  }

  private NetInterface other(Jail far, TunnelKind kind) {
    return switch (kind) {
      case VXLAN -> far.vxlan(5000, THERE, HERE).create();
      case GRE -> far.gre(THERE, HERE).key(5000).ethernet().create();
      case GIF -> far.gif(THERE, HERE).create();
    };
  }

  @Test
  void a_kind_that_the_kernel_lacks_is_refused_before_anything_is_made() {
    for (TunnelKind kind : TunnelKind.values()) {
      try (Vnet poor =
          sandbox(Capability.VXLAN, Capability.GRE_ETHERNET, Capability.GIF_ETHERNET)) {
        assertThatThrownBy(() -> part(kind, THERE).apply(poor))
            .isInstanceOf(Vnet.UnsupportedException.class)
            .hasMessageStartingWith("topology lab: ")
            .hasMessageContaining(kind.name());
        assertThat(poor.jls()).isEmpty();
      }
    }
  }

  @Test
  void two_links_to_one_machine_do_not_fit_into_gif() {
    Topology lab =
        Topology.named("lab")
            .hosts("a", "b", "c")
            .link(Link.between("a", "b"))
            .link(Link.between("a", "c"))
            .build()
            .addressed("10.0.0.0/16");
    Spread spread = Spread.of(lab).machine("one", HERE, "a").machine("two", THERE, "b", "c");

    assertThat(spread.tunnels(TunnelKind.GRE).part("one").tunnels()).hasSize(2);
    assertThatThrownBy(() -> spread.tunnels(TunnelKind.GIF).part("one"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a:to-b")
        .hasMessageContaining("a:to-c")
        .hasMessageContaining("one gif between two machines");
  }
}
