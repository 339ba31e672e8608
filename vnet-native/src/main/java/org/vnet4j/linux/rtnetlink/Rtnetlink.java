// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

/**
 * Constants of rtnetlink. See rtnetlink(7), linux/rtnetlink.h, linux/if_link.h, linux/if_tunnel.h,
 * linux/ip6_tunnel.h, linux/if_addr.h, linux/neighbour.h.
 */
public final class Rtnetlink {
  public static final int RTM_NEWLINK = 16;
  public static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_SETLINK = 19;
  public static final int RTM_NEWADDR = 20;
  public static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  public static final int RTM_NEWROUTE = 24;
  public static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  public static final int RTM_NEWNEIGH = 28;
  public static final int RTM_GETNEIGH = 30;
  public static final int TCMSG = 20;
  public static final int RTM_NEWQDISC = 36;
  static final int RTM_DELQDISC = 37;
  static final int RTM_GETQDISC = 38;

  static final int RTM_NEWNEIGHTBL = 64;
  static final int RTM_GETNEIGHTBL = 66;
  static final int NDTMSG = 4;
  static final int NDTA_STATS = 7;

  /** The offset of ndts_table_fulls in struct ndt_stats. */
  static final int NDTS_TABLE_FULLS = 80;

  // struct rtgenmsg, aligned
  static final int RTGENMSG = 4;
  public static final int RTM_NEWNSID = 88;
  static final int RTM_GETNSID = 90;
  static final int NETNSA_NSID = 1;
  static final int NETNSA_FD = 3;

  // struct ifinfomsg
  public static final int IFINFOMSG = 16;
  static final int IFI_INDEX = 4;
  static final int IFI_FLAGS = 8;

  public static final int IFLA_ADDRESS = 1;
  public static final int IFLA_IFNAME = 3;
  public static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  public static final int IFLA_OPERSTATE = 16;
  public static final int IFLA_LINKINFO = 18;
  public static final int IFLA_IFALIAS = 20;
  public static final int IFLA_STATS64 = 23;
  static final int IFLA_AF_SPEC = 26;
  static final int IFLA_GROUP = 27;
  static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_EXT_MASK = 29;
  static final int IFLA_NUM_TX_QUEUES = 31;
  static final int IFLA_LINK_NETNSID = 37;
  static final int IFLA_TARGET_NETNSID = 46;

  static final int RTEXT_FILTER_SKIP_STATS = 1 << 3;

  static final int IFLA_INET_CONF = 1;
  static final int IPV4_DEVCONF_PROMOTE_SECONDARIES = 20;

  public static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;
  static final int IFLA_INFO_SLAVE_DATA = 5;

  static final int VETH_INFO_PEER = 1;

  static final int IFLA_BR_FORWARD_DELAY = 1;
  static final int IFLA_BR_STP_STATE = 5;
  static final int IFLA_BRPORT_STATE = 1;
  static final int IFLA_BRPORT_COST = 3;
  static final int IFLA_BRPORT_LEARNING = 8;

  static final int IFLA_VLAN_ID = 1;

  static final int IFLA_VXLAN_ID = 1;
  static final int IFLA_VXLAN_GROUP = 2;
  static final int IFLA_VXLAN_LINK = 3;
  static final int IFLA_VXLAN_LOCAL = 4;
  static final int IFLA_VXLAN_PORT = 15;
  static final int IFLA_VXLAN_GROUP6 = 16;
  static final int IFLA_VXLAN_LOCAL6 = 17;

  static final int IFLA_GRE_IFLAGS = 2;
  static final int IFLA_GRE_OFLAGS = 3;
  static final int IFLA_GRE_IKEY = 4;
  static final int IFLA_GRE_OKEY = 5;
  static final int IFLA_GRE_LOCAL = 6;
  static final int IFLA_GRE_REMOTE = 7;
  static final int IFLA_GRE_TTL = 8;
  static final int IFLA_GRE_FLAGS = 13;
  static final int GRE_KEY = 0x2000;

  static final int IFLA_IPTUN_LOCAL = 2;
  static final int IFLA_IPTUN_REMOTE = 3;
  static final int IFLA_IPTUN_TTL = 4;
  static final int IFLA_IPTUN_FLAGS = 8;
  static final int IFLA_IPTUN_PROTO = 9;
  static final int ANY_PROTOCOL = 0;

  /** Without this flag Linux adds 8 bytes to each packet over IPv6, which FreeBSD does not. */
  static final int IP6_TNL_F_IGN_ENCAP_LIMIT = 1;

  public static final int IFF_UP = 0x1;
  static final int IFF_RUNNING = 0x40;
  static final int IFF_LOWER_UP = 0x10000;
  public static final int IFF_LOOPBACK = 0x8;

  public static final int AF_UNSPEC = 0;
  public static final int AF_INET = 2;
  public static final int AF_BRIDGE = 7;
  public static final int AF_INET6 = 10;

  // struct ifaddrmsg
  public static final int IFADDRMSG = 8;
  static final int IFA_PREFIXLEN = 1;
  static final int IFA_INDEX = 4;

  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_BROADCAST = 4;
  static final int IFA_FLAGS = 8;
  static final int IFA_F_NODAD = 0x02;

  // struct rtmsg
  public static final int RTMSG = 12;
  static final int RTM_FAMILY = 0;
  static final int RTM_DST_LEN = 1;
  static final int RTM_TABLE = 4;
  static final int RTM_TYPE = 7;

  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_MULTIPATH = 9;
  static final int RTA_TABLE = 15;

  // struct rtnexthop
  static final int RTNEXTHOP = 8;
  static final int RTNH_LEN = 0;
  static final int RTNH_IFINDEX = 4;

  static final int RT_TABLE_MAIN = 254;
  static final int RTPROT_STATIC = 4;
  static final int RT_SCOPE_UNIVERSE = 0;
  static final int RT_SCOPE_LINK = 253;
  static final int RT_SCOPE_NOWHERE = 255;
  static final int RTN_UNICAST = 1;
  static final int RTN_LOCAL = 2;

  // struct ndmsg
  public static final int NDMSG = 12;
  public static final int NDM_IFINDEX = 4;
  public static final int NDM_STATE = 8;

  static final int RTM_DELNEIGH = 29;
  static final int NDA_DST = 1;
  public static final int NDA_LLADDR = 2;
  static final int NDA_IFINDEX = 8;
  public static final int NDA_MASTER = 9;
  static final int NDA_PROTOCOL = 12;
  public static final int NUD_NOARP = 0x40;
  public static final int NUD_PERMANENT = 0x80;

  private Rtnetlink() {}

  /** Returns the number of bytes that precede the attributes in a message of a type. */
  public static int headerSize(int type) {
    return switch (type) {
      case RTM_NEWLINK, RTM_DELLINK -> IFINFOMSG;
      case RTM_NEWADDR, RTM_DELADDR -> IFADDRMSG;
      case RTM_NEWROUTE, RTM_DELROUTE -> RTMSG;
      case RTM_NEWNEIGH -> NDMSG;
      case RTM_NEWQDISC -> TCMSG;
      default -> 0;
    };
  }
}
