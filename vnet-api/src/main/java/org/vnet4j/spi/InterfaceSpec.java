// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.InterfaceKind;

/** What kind of interface to create. */
public sealed interface InterfaceSpec {

  /** Returns what interfaces of this kind are called, before their number. */
  InterfaceKind kind();

  /** A software bridge. See if_bridge(4). */
  record Bridge() implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.BRIDGE;
    }
  }

  /** An Ethernet interface whose other side is a program. See tap(4). */
  record Tap() implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.TAP;
    }
  }

  /** A further loopback interface. See lo(4). */
  record Loopback() implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.LOOPBACK;
    }
  }

  /**
   * An 802.1Q network on another interface. See vlan(4).
   *
   * @param parent the interface below
   * @param tag 1 to 4094
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
   * @param local the address packets are sent from
   * @param remote the peer, or a multicast group
   * @param port the UDP port, 1 to 65535
   * @param device the interface a multicast group is joined on, or null
   */
  record Vxlan(int vni, InetAddress local, InetAddress remote, int port, @Nullable String device)
      implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.VXLAN;
    }
  }

  /**
   * Packets in packets of protocol 47. See gre(4) and RFC 2784.
   *
   * @param local the address packets are sent from
   * @param remote the peer, of the same family
   * @param key sent in each packet, 1 to 4294967295, or 0 for none
   * @param ttl hop limit of what is sent, 1 to 255, or 0 for the kernel's usual one
   * @param ethernet whether frames are carried instead of IP packets
   */
  record Gre(InetAddress local, InetAddress remote, long key, int ttl, boolean ethernet)
      implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.GRE;
    }
  }

  /**
   * IP packets in IP packets. See gif(4), RFC 2003, RFC 2473 and RFC 4213.
   *
   * @param local the address packets are sent from
   * @param remote the peer, of the same family
   * @param ttl hop limit of what is sent, 1 to 255, or 0 for the kernel's usual one
   */
  record Gif(InetAddress local, InetAddress remote, int ttl) implements InterfaceSpec {
    @Override
    public InterfaceKind kind() {
      return InterfaceKind.GIF;
    }
  }
}
