// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.util.concurrent.ThreadLocalRandom;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.MacAddress;

/**
 * Encodes the requests about links: {@code RTM_GETLINK}, {@code RTM_NEWLINK}, {@code RTM_SETLINK},
 * {@code RTM_DELLINK}.
 */
public final class LinkRequests {
  private LinkRequests() {}

  public static void get(NetlinkWriter out, String name) {
    header(out, RTM_GETLINK, 0, 0, 0, 0);
    out.attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).attribute(IFLA_IFNAME, name).end();
  }

  public static void get(NetlinkWriter out, int index) {
    header(out, RTM_GETLINK, 0, index, 0, 0);
    out.attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).end();
  }

  /** Requests the other end of an epair, in whichever namespace that is. */
  public static void getPeer(NetlinkWriter out, LinkState end) {
    header(out, RTM_GETLINK, 0, end.peer(), 0, 0);
    out.attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    if (end.peerElsewhere()) {
      out.attribute(IFLA_TARGET_NETNSID, end.peerNamespace());
    }
    out.end();
  }

  public static void counters(NetlinkWriter out, String name) {
    header(out, RTM_GETLINK, 0, 0, 0, 0).attribute(IFLA_IFNAME, name).end();
  }

  public static void dump(NetlinkWriter out) {
    header(out, RTM_GETLINK, NLM_F_DUMP, 0, 0, 0);
    out.attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).end();
  }

  /** Requests the members of a bridge. */
  public static void dumpMembers(NetlinkWriter out, int bridge) {
    header(out, RTM_GETLINK, NLM_F_DUMP, 0, 0, 0);
    out.attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).attribute(IFLA_MASTER, bridge).end();
  }

  public static void up(NetlinkWriter out, String name, boolean up) {
    header(out, RTM_SETLINK, NLM_F_ACK, 0, up ? IFF_UP : 0, IFF_UP);
    out.attribute(IFLA_IFNAME, name).end();
  }

  public static void mtu(NetlinkWriter out, String name, int bytes) {
    set(out, name).attribute(IFLA_MTU, bytes).end();
  }

  public static void lladdr(NetlinkWriter out, String name, MacAddress address) {
    set(out, name).attribute(IFLA_ADDRESS, address.bytes()).end();
  }

  public static void alias(NetlinkWriter out, String name, String alias) {
    set(out, name).attribute(IFLA_IFALIAS, alias).end();
  }

  /** Sets the alias of a new link and removes the link from the group of unfinished ones. */
  public static void finish(NetlinkWriter out, String name, String alias) {
    set(out, name).attribute(IFLA_IFALIAS, alias).attribute(IFLA_GROUP, 0).end();
  }

  public static void alias(NetlinkWriter out, int index, String alias) {
    header(out, RTM_SETLINK, NLM_F_ACK, index, 0, 0).attribute(IFLA_IFALIAS, alias).end();
  }

  public static void rename(NetlinkWriter out, int index, String name) {
    header(out, RTM_SETLINK, NLM_F_ACK, index, 0, 0).attribute(IFLA_IFNAME, name).end();
  }

  public static void master(NetlinkWriter out, String name, int bridge) {
    set(out, name).attribute(IFLA_MASTER, bridge).end();
  }

  /** Moves a link and sets its alias; returns the position of the namespace's descriptor. */
  public static int move(NetlinkWriter out, int index, String name, String alias) {
    header(out, RTM_SETLINK, NLM_F_ACK, index, 0, 0);
    out.attribute(IFLA_IFNAME, name).attribute(IFLA_IFALIAS, alias);
    int at = out.length() + 4;
    out.attribute(IFLA_NET_NS_FD, 0).end();
    return at;
  }

  public static void delete(NetlinkWriter out, String name) {
    header(out, RTM_DELLINK, NLM_F_ACK, 0, 0, 0).attribute(IFLA_IFNAME, name).end();
  }

  public static void delete(NetlinkWriter out, int index) {
    header(out, RTM_DELLINK, NLM_F_ACK, index, 0, 0).end();
  }

  /** Deletes all links of a group at once. */
  public static void deleteGroup(NetlinkWriter out, int group) {
    header(out, RTM_DELLINK, NLM_F_ACK, 0, 0, 0).attribute(IFLA_GROUP, group).end();
  }

  /**
   * Makes the kernel keep the secondary addresses of a network when the primary one is deleted: the
   * next address becomes primary.
   */
  public static void promoteSecondaries(NetlinkWriter out, int index) {
    header(out, RTM_SETLINK, NLM_F_ACK, index, 0, 0);
    int spec = out.open(IFLA_AF_SPEC);
    int inet = out.open(AF_INET);
    int conf = out.open(IFLA_INET_CONF);
    out.attribute(IPV4_DEVCONF_PROMOTE_SECONDARIES, 1).close(conf).close(inet).close(spec).end();
  }

  public static void group(NetlinkWriter out, int index, int group) {
    header(out, RTM_SETLINK, NLM_F_ACK, index, 0, 0).attribute(IFLA_GROUP, group).end();
  }

  /**
   * Creates a veth pair, optionally with the other end in another namespace. Both ends get their
   * addresses here: udev replaces those that the kernel chose, see systemd.link(5).
   *
   * @param index of the first end, 0 to let the kernel choose
   * @return the position of the namespace's descriptor in the message, 0 without one
   */
  public static int createVeth(
      NetlinkWriter out, int index, String a, String b, boolean elsewhere, int group) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    create(out, index, group).attribute(IFLA_IFNAME, a);
    out.attribute(IFLA_ADDRESS, MacAddress.random(random).bytes());
    int info = out.open(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, "veth");
    int data = out.open(IFLA_INFO_DATA);
    int peer = out.open(VETH_INFO_PEER);
    ifinfomsg(out, 0, 0, 0).attribute(IFLA_IFNAME, b).attribute(IFLA_GROUP, group);
    out.attribute(IFLA_ADDRESS, MacAddress.random(random).bytes());
    int at = 0;
    if (elsewhere) {
      at = out.length() + 4;
      out.attribute(IFLA_NET_NS_FD, 0);
    }
    out.close(peer).close(data).close(info).end();
    return at;
  }

  public static void createBridge(NetlinkWriter out, String name, MacAddress address, int group) {
    create(out, group).attribute(IFLA_IFNAME, name).attribute(IFLA_ADDRESS, address.bytes());
    int info = out.open(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, "bridge").close(info).end();
  }

  public static void stp(NetlinkWriter out, String bridge, boolean on) {
    bridge(out, bridge, IFLA_BR_STP_STATE, on ? 1 : 0);
  }

  public static void forwardDelay(NetlinkWriter out, String bridge, int centiseconds) {
    bridge(out, bridge, IFLA_BR_FORWARD_DELAY, centiseconds);
  }

  private static void bridge(NetlinkWriter out, String bridge, int type, int value) {
    header(out, RTM_NEWLINK, NLM_F_ACK, 0, 0, 0).attribute(IFLA_IFNAME, bridge);
    int info = out.open(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, "bridge");
    int data = out.open(IFLA_INFO_DATA);
    out.attribute(type, value).close(data).close(info).end();
  }

  public static void createVlan(NetlinkWriter out, String name, int parent, int tag, int group) {
    create(out, group).attribute(IFLA_IFNAME, name).attribute(IFLA_LINK, parent);
    int info = out.open(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, "vlan");
    int data = out.open(IFLA_INFO_DATA);
    out.attribute16(IFLA_VLAN_ID, tag).close(data).close(info).end();
  }

  /**
   * Requests a link of some kind in a way that cannot succeed: a kernel that has the kind refuses
   * the number of queues (EINVAL), a kernel without it reports EOPNOTSUPP.
   */
  public static void probe(NetlinkWriter out, String kind) {
    create(out, 0).attribute(IFLA_NUM_TX_QUEUES, 0);
    int info = out.open(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, kind).close(info).end();
  }

  /** Begins a request for a new link. */
  static NetlinkWriter create(NetlinkWriter out, int group) {
    return create(out, 0, group);
  }

  private static NetlinkWriter create(NetlinkWriter out, int index, int group) {
    header(out, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, index, 0, 0);
    return group == 0 ? out : out.attribute(IFLA_GROUP, group);
  }

  private static NetlinkWriter set(NetlinkWriter out, String name) {
    return header(out, RTM_SETLINK, NLM_F_ACK, 0, 0, 0).attribute(IFLA_IFNAME, name);
  }

  private static NetlinkWriter header(
      NetlinkWriter out, int type, int flags, int index, int ifFlags, int change) {
    return ifinfomsg(out.begin(type, flags), index, ifFlags, change);
  }

  private static NetlinkWriter ifinfomsg(NetlinkWriter out, int index, int flags, int change) {
    return out.u8(AF_UNSPEC).u8(0).u16(0).u32(index).u32(flags).u32(change);
  }
}
