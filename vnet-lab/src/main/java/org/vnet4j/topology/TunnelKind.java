// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.util.Locale;
import org.vnet4j.Capability;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;

/**
 * The kind of a tunnel that carries a link between two machines. Tunnels of every kind carry
 * Ethernet frames.
 */
public enum TunnelKind {
  /**
   * Carries frames in UDP, port 4789, see RFC 7348. Each packet grows by 50 bytes (70 over IPv6).
   */
  VXLAN(Capability.VXLAN, "vx"),
  /**
   * Carries frames in GRE with a key, see RFC 2784 and RFC 2890. Each packet grows by 42 bytes (62
   * over IPv6). Needs {@link Capability#GRE_ETHERNET}, so all machines with such tunnels run Linux.
   */
  GRE(Capability.GRE_ETHERNET, "gre"),
  /**
   * Carries frames in IP, see RFC 3378. Each packet grows by 36 bytes (56 over IPv6). Needs {@link
   * Capability#GIF_ETHERNET}, so all machines with such tunnels run FreeBSD. Two machines can have
   * only one such tunnel between them.
   */
  GIF(Capability.GIF_ETHERNET, "gif");

  private final Capability needed;
  private final String prefix;

  TunnelKind(Capability needed, String prefix) {
    this.needed = needed;
    this.prefix = prefix;
  }

  Capability needed() {
    return needed;
  }

  String iface(int number) {
    return prefix + number;
  }

  /** Returns the text that identifies a tunnel beyond its addresses. */
  String text(int number) {
    return switch (this) {
      case VXLAN -> "vni " + number;
      case GRE -> "gre key " + number;
      case GIF -> "gif";
    };
  }

  NetInterface create(NetworkStack stack, Part.Tunnel tunnel) {
    InetAddress local = tunnel.local();
    InetAddress remote = tunnel.remote();
    return switch (this) {
      case VXLAN -> stack.vxlan(tunnel.number(), local, remote).name(tunnel.iface()).create();
      case GRE ->
          stack.gre(local, remote).key(tunnel.number()).ethernet().name(tunnel.iface()).create();
      case GIF -> stack.gif(local, remote).name(tunnel.iface()).create();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
