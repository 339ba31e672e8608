// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.InterfaceKind;

/** The kind of interface to create, with the parameters of that kind. */
public sealed interface InterfaceSpec {

  /** Returns the kind, which is the part of the interface name before the unit number. */
  InterfaceKind kind();

  /** A software bridge. See if_bridge(4). */
  record Bridge() implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.BRIDGE;
    }
  }

  /** An Ethernet interface with a program at its other side. See tap(4). */
  record Tap() implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.TAP;
    }
  }

  /** An additional loopback interface. See lo(4). */
  record Loopback() implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.LOOPBACK;
    }
  }

  /**
   * An 802.1Q VLAN on a parent interface. See vlan(4).
   *
   * @param parent the interface that carries the tagged frames
   * @param tag the VLAN tag, 1 to 4094
   */
  record Vlan(String parent, int tag) implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.VLAN;
    }
  }

  /**
   * An Ethernet network carried in UDP packets. See vxlan(4) and RFC 7348.
   *
   * @param vni the network identifier, 0 to 16777215
   * @param local source address of the outer packets
   * @param remote address of the peer, or a multicast group
   * @param port the UDP destination port, 1 to 65535
   * @param device the interface that joins the multicast group, or null
   */
  record Vxlan(int vni, InetAddress local, InetAddress remote, int port, @Nullable String device)
      implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.VXLAN;
    }
  }

  /**
   * A tunnel by generic routing encapsulation, IP protocol 47. See gre(4) and RFC 2784.
   *
   * @param local source address of the outer packets
   * @param remote address of the peer, of the same family
   * @param key the key in each outer packet, 1 to 4294967295, or 0 for none
   * @param ttl hop limit of the outer packets, 1 to 255, or 0 for the kernel's default
   * @param ethernet true to carry Ethernet frames, false to carry IP packets
   */
  record Gre(InetAddress local, InetAddress remote, long key, int ttl, boolean ethernet)
      implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.GRE;
    }
  }

  /**
   * A tunnel for IP packets in IP packets. See gif(4), RFC 2003, RFC 2473 and RFC 4213.
   *
   * @param local source address of the outer packets
   * @param remote address of the peer, of the same family
   * @param ttl hop limit of the outer packets, 1 to 255, or 0 for the kernel's default
   */
  record Gif(InetAddress local, InetAddress remote, int ttl) implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.GIF;
    }
  }
}
