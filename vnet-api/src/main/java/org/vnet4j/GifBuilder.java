// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Names;
import org.vnet4j.spi.InterfaceSpec;

/**
 * Configures and creates a gif interface: IPv4 and IPv6 packets in IP packets, without a header
 * between them (protocols 4 and 41). See RFC 2003, RFC 2473, RFC 4213, gif(4). Linux calls it sit
 * over IPv4, in its mode {@code any}, and ip6tnl over IPv6, see ip-link(8).
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
   * Sets the hop limit of the outer packets. The default is the kernel's: 64 on Linux; on FreeBSD
   * the sysctl {@code net.inet.ip.gifttl} (30), which holds for all gif tunnels of a stack.
   *
   * @param hops 1 to 255
   * @return this
   */
  public GifBuilder ttl(int hops) {
    ttl = TunnelEnds.hops(hops);
    return this;
  }

  /**
   * Sets the name of the interface. The default is {@code gif0}, or the next free number.
   *
   * @param wanted 1 to 15 letters, digits, {@code _ . @ -}
   * @return this
   */
  public GifBuilder name(String wanted) {
    name = Names.interfaceName(wanted);
    return this;
  }

  /**
   * Creates the interface, which is down at first. It is point-to-point: give it an IPv4 address of
   * a network with two hosts, such as {@code 10.0.0.1/30}, which FreeBSD requires. As a member of a
   * bridge it carries Ethernet frames (RFC 3378) if the kernel has {@link Capability#GIF_ETHERNET}.
   *
   * @return its handle
   * @throws Vnet.UnsupportedException if the kernel lacks gif or a requested option; nothing was
   *     created
   * @throws NetInterface.NameTakenException if the name is taken (EEXIST)
   */
  public NetInterface create() {
    stack.vnet().require(Capability.GIF);
    InterfaceSpec spec = new InterfaceSpec.Gif(ends.local(), ends.remote(), ttl);
    return new NetInterface(InterfaceBuilder.make(stack, spec, name));
  }
}
