// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.EnumSet;
import java.util.Set;
import org.vnet4j.net.Shaping;

/**
 * A feature that not every kernel has. Test for it with {@link Vnet#has(Capability)}; disable it
 * for a test with {@link Vnet.Builder#without} or the system property {@code org.vnet4j.disable}
 * (names with commas between them).
 */
public enum Capability {
  /** Jails with a network stack of their own. FreeBSD: option VIMAGE; Linux: NET_NS. */
  VNET,
  /** Jails in jails. FreeBSD: {@code children.max}; Linux: kept by this library. */
  NESTED_JAILS,
  /** Epairs. FreeBSD: if_epair(4); Linux: veth. */
  EPAIR,
  /** Software bridges. FreeBSD: if_bridge(4); Linux: bridge. */
  BRIDGE,
  /**
   * Moving a bridge to another stack. FreeBSD only: a Linux bridge stays in the stack that created
   * it.
   */
  MOVE_BRIDGE,
  /** Ethernet interfaces for programs. FreeBSD: tap(4); Linux: /dev/net/tun. */
  TAP,
  /** Further loopback interfaces. FreeBSD: lo(4); Linux has one in each stack and no more. */
  LOOPBACK,
  /** 802.1Q networks. FreeBSD: if_vlan(4); Linux: 8021q. */
  VLAN,
  /** Ethernet over UDP. FreeBSD: if_vxlan(4); Linux: vxlan. */
  VXLAN,
  /** IP packets in IP packets of protocol 47. FreeBSD: if_gre(4); Linux: ip_gre. */
  GRE,
  /** Ethernet frames in IP packets of protocol 47. Linux only: gretap. */
  GRE_ETHERNET,
  /** IP packets in IP packets. FreeBSD: if_gif(4); Linux: sit, and ip6_tunnel over IPv6. */
  GIF,
  /** Ethernet frames in IP packets, if the gif is a member of a bridge (RFC 3378). FreeBSD only. */
  GIF_ETHERNET,
  /**
   * Moving a tunnel to another stack while the stack that created it still carries the outer
   * packets. Linux only: on FreeBSD a gre or gif that moves loses its tunnel addresses, and the
   * stack that holds a vxlan carries its outer packets.
   */
  MOVE_TUNNEL,
  /** IPv6. */
  IPV6,
  /**
   * Switching forwarding on and off. Linux: {@code /proc/sys/net} can be written, which most
   * containers forbid.
   */
  FORWARDING,
  /** First match firewalls by number. FreeBSD: ipfw(4); Linux: nftables. */
  IPFW,
  /** Last match firewalls with translations and anchors. FreeBSD: pf(4); Linux: nftables. */
  PF,
  /** Last match firewalls. FreeBSD: ipfilter(4); Linux: nftables. */
  IPF,
  /** Captures of the packets of an interface. FreeBSD: bpf(4); Linux: packet(7). */
  CAPTURE,
  /** A bandwidth limit of sent packets. FreeBSD: dummynet(4); Linux: sch_tbf, sch_netem. */
  SHAPE_RATE,
  /** Delayed packets. FreeBSD: dummynet(4); Linux: sch_netem. */
  SHAPE_DELAY,
  /** A delay that varies. Linux: sch_netem. */
  SHAPE_JITTER,
  /** Lost packets. FreeBSD: dummynet(4); Linux: sch_netem. */
  SHAPE_LOSS,
  /** Duplicated packets. Linux: sch_netem. */
  SHAPE_DUPLICATION;

  /**
   * Returns the capabilities that a shaping needs.
   *
   * @param shaping the shaping
   * @return a new set, empty for an ideal line
   */
  public static Set<Capability> neededFor(Shaping shaping) {
    Set<Capability> needed = EnumSet.noneOf(Capability.class);
    if (shaping.bandwidth() > 0) {
      needed.add(SHAPE_RATE);
    }
    if (!shaping.delay().isZero()) {
      needed.add(SHAPE_DELAY);
    }
    if (!shaping.jitter().isZero()) {
      needed.add(SHAPE_JITTER);
    }
    if (shaping.loss() > 0) {
      needed.add(SHAPE_LOSS);
    }
    if (shaping.duplication() > 0) {
      needed.add(SHAPE_DUPLICATION);
    }
    return needed;
  }
}
