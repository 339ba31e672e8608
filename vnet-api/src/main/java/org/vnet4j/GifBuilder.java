// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceSpec;

/**
 * A gif interface to be created: IPv4 and IPv6 packets in IP packets, without a header between them
 * (protocols 4 and 41). See RFC 2003, RFC 2473, RFC 4213, gif(4). Linux calls it sit over IPv4, in
 * its mode {@code any}, and ip6tnl over IPv6, see ip-link(8).
 */
public final class GifBuilder {
  private final NetworkStack stack;
  private final TunnelEnds ends;
  private int ttl;
  private @Nullable String name;

  GifBuilder(NetworkStack stack, TunnelEnds ends) {
    this.stack = stack;
    this.ends = ends;
  }

  /**
   * Sets how many routers the tunnel's packets may pass in the network below. Without it the number
   * is the kernel's: 64 on Linux; on FreeBSD, which has one for all gif tunnels of a stack, what
   * {@code net.inet.ip.gifttl} says (30).
   *
   * @param hops 1 to 255
   * @return this
   */
  public GifBuilder ttl(int hops) {
    ttl = TunnelEnds.hops(hops);
    return this;
  }

  /**
   * Names the interface. Without it it is called {@code gif0}, or the next free number.
   *
   * @param wanted 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   */
  public GifBuilder name(String wanted) {
    name = Names.interfaceName(wanted);
    return this;
  }

  /**
   * Creates the interface. It comes out down, and is point-to-point: give it the IPv4 address of a
   * network of two, such as {@code 10.0.0.1/30}, which FreeBSD insists on. In a bridge it carries
   * Ethernet frames (RFC 3378) where the kernel has {@link Capability#GIF_ETHERNET}.
   *
   * @return its handle
   * @throws Vnet.UnsupportedException if this kernel has no gif, or not as asked; nothing was made
   * @throws NetInterface.NameTakenException if the name is taken
   */
  public NetInterface create() {
    stack.vnet().require(Capability.GIF);
    InterfaceSpec spec = new InterfaceSpec.Gif(ends.local(), ends.remote(), ttl);
    return new NetInterface(InterfaceBuilder.make(stack, spec, name));
  }
}
