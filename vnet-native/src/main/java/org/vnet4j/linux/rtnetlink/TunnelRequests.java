// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.net.InetAddress;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.spi.InterfaceSpec;

/**
 * Encodes the requests for tunnels: {@code RTM_NEWLINK} with the attributes of linux/if_link.h and
 * linux/if_tunnel.h. See ip-link(8).
 */
public final class TunnelRequests {
  /** The usual TTL, see RFC 1700; 0 would copy the TTL of the inner packet. */
  private static final int USUAL_HOPS = 64;

  private TunnelRequests() {}

  public static void vxlan(
      NetlinkWriter out, String name, InterfaceSpec.Vxlan spec, int device, int group) {
    Nest nest = new Nest(out, name, "vxlan", group);
    boolean ipv6 = isIpv6(spec.local());
    out.attribute(IFLA_VXLAN_ID, spec.vni());
    out.attribute(ipv6 ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, spec.local().getAddress());
    out.attribute(ipv6 ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, spec.remote().getAddress());
    if (device != 0) {
      out.attribute(IFLA_VXLAN_LINK, device);
    }
    byte[] port = {(byte) (spec.port() >> 8), (byte) spec.port()};
    out.attribute(IFLA_VXLAN_PORT, port);
    nest.end();
  }

  public static void gre(NetlinkWriter out, String name, InterfaceSpec.Gre spec, int group) {
    boolean ipv6 = isIpv6(spec.local());
    Nest nest =
        new Nest(out, name, (ipv6 ? "ip6gre" : "gre") + (spec.ethernet() ? "tap" : ""), group);
    if (spec.key() != 0) {
      byte[] flags = {(byte) (GRE_KEY >> 8), (byte) GRE_KEY};
      out.attribute(IFLA_GRE_IFLAGS, flags).attribute(IFLA_GRE_OFLAGS, flags);
      out.big(IFLA_GRE_IKEY, (int) spec.key()).big(IFLA_GRE_OKEY, (int) spec.key());
    }
    out.attribute(IFLA_GRE_LOCAL, spec.local().getAddress());
    out.attribute(IFLA_GRE_REMOTE, spec.remote().getAddress());
    out.attribute8(IFLA_GRE_TTL, hops(spec.ttl()));
    if (ipv6) {
      out.attribute(IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
    }
    nest.end();
  }

  /**
   * Encodes a gif tunnel. Of the kinds of Linux these two carry IPv4 and IPv6 in one tunnel, as
   * gif(4) does.
   */
  public static void gif(NetlinkWriter out, String name, InterfaceSpec.Gif spec, int group) {
    boolean ipv6 = isIpv6(spec.local());
    Nest nest = new Nest(out, name, ipv6 ? "ip6tnl" : "sit", group);
    out.attribute(IFLA_IPTUN_LOCAL, spec.local().getAddress());
    out.attribute(IFLA_IPTUN_REMOTE, spec.remote().getAddress());
    out.attribute8(IFLA_IPTUN_TTL, hops(spec.ttl())).attribute8(IFLA_IPTUN_PROTO, ANY_PROTOCOL);
    if (ipv6) {
      out.attribute(IFLA_IPTUN_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
    }
    nest.end();
  }

  private static int hops(int ttl) {
    return ttl == 0 ? USUAL_HOPS : ttl;
  }

  private static boolean isIpv6(InetAddress address) {
    return address.getAddress().length == 16;
  }

  /** A request for a link, begun up to the attributes of its kind. */
  private static final class Nest {
    private final NetlinkWriter out;
    private final int info;
    private final int data;

    Nest(NetlinkWriter out, String name, String kind, int group) {
      this.out = LinkRequests.create(out, group).attribute(IFLA_IFNAME, name);
      info = out.open(IFLA_LINKINFO);
      out.attribute(IFLA_INFO_KIND, kind);
      data = out.open(IFLA_INFO_DATA);
    }

    void end() {
      out.close(data).close(info).end();
    }
  }
}
