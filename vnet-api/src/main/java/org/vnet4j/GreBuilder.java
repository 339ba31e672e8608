// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceSpec;

/**
 * Configures and creates a gre interface: IPv4 and IPv6 packets, or Ethernet frames, in IP packets
 * of protocol 47. See RFC 2784, RFC 2890, gre(4), ip-link(8).
 */
public final class GreBuilder {
  private static final long MOST_KEY = 0xffffffffL;

  private final NetworkStack stack;
  private final TunnelEnds ends;
  private long key;
  private int ttl;
  private boolean ethernet;
  private @Nullable String name;

  GreBuilder(NetworkStack stack, TunnelEnds ends) {
    this.stack = stack;
    this.ends = ends;
  }

  /**
   * Sets the key in each packet, which allows several tunnels between two machines on Linux.
   * FreeBSD sends the key too, but accepts packets with any key and allows one tunnel between two
   * addresses.
   *
   * @param number 1 to 4294967295, the same at both ends
   * @return this
   */
  public GreBuilder key(long number) {
    if (number < 1 || number > MOST_KEY) {
      throw new IllegalArgumentException("GRE key " + number + " is not in 1.." + MOST_KEY);
    }
    key = number;
    return this;
  }

  /**
   * Carries Ethernet frames instead of IP packets, so that the interface has a MAC address and can
   * be a member of a bridge. Needs {@link Capability#GRE_ETHERNET}.
   *
   * @return this
   */
  public GreBuilder ethernet() {
    ethernet = true;
    return this;
  }

  /**
   * Sets the hop limit of the outer packets. The default is the kernel's: 64 on Linux; on FreeBSD
   * the sysctl {@code net.inet.ip.grettl} (30), which holds for all gre tunnels of a stack.
   *
   * @param hops 1 to 255
   * @return this
   */
  public GreBuilder ttl(int hops) {
    ttl = TunnelEnds.hops(hops);
    return this;
  }

  /**
   * Sets the name of the interface. The default is {@code gre0}, or the next free number.
   *
   * @param wanted 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   */
  public GreBuilder name(String wanted) {
    name = Names.interfaceName(wanted);
    return this;
  }

  /**
   * Creates the interface, which is down at first. A tunnel of IP packets is point-to-point: give
   * it an IPv4 address of a network with two hosts, such as {@code 10.0.0.1/30}, which FreeBSD
   * requires.
   *
   * @return its handle
   * @throws Vnet.UnsupportedException if the kernel lacks gre or a requested option; nothing was
   *     created
   * @throws NetInterface.NameTakenException if the name is taken (EEXIST)
   */
  public NetInterface create() {
    stack.vnet().require(Capability.GRE);
    if (ethernet) {
      stack.vnet().require(Capability.GRE_ETHERNET);
    }
    InterfaceSpec spec = new InterfaceSpec.Gre(ends.local(), ends.remote(), key, ttl, ethernet);
    return new NetInterface(InterfaceBuilder.make(stack, spec, name));
  }
}
