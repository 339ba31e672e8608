// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.Arrays;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Struct;

/** Sends the messages of route(4) that report changes to the route sockets of a stack. */
public final class Announcer {
  private static final int UP = 1;
  private static final int HOST = 4;

  private Announcer() {}

  public static void arrival(Iface iface) {
    announce(iface, "IFAN_ARRIVAL");
  }

  public static void departure(Iface iface) {
    announce(iface, "IFAN_DEPARTURE");
  }

  private static void announce(Iface iface, String what) {
    iface.stack.tell(
        new Struct("if_announcemsghdr")
            .putShort("ifan_msglen", FreeBsdAbi.size("if_announcemsghdr"))
            .putByte("ifan_version", FreeBsdAbi.constant("RTM_VERSION"))
            .putByte("ifan_type", FreeBsdAbi.constant("RTM_IFANNOUNCE"))
            .putShort("ifan_index", iface.index)
            .putText("ifan_name", iface.name)
            .putShort("ifan_what", FreeBsdAbi.constant(what))
            .array());
  }

  public static void info(Iface iface) {
    Struct message =
        new Struct("if_msghdr")
            .putShort("ifm_msglen", FreeBsdAbi.size("if_msghdr"))
            .putByte("ifm_version", FreeBsdAbi.constant("RTM_VERSION"))
            .putByte("ifm_type", FreeBsdAbi.constant("RTM_IFINFO"))
            .putInt("ifm_flags", iface.flags)
            .putShort("ifm_index", iface.index);
    iface.stack.tell(message.put("ifm_data", data(iface)).array());
  }

  /** Returns the structure if_data, without times. */
  public static byte[] data(Iface iface) {
    return new Struct("if_data")
        .putByte("ifi_type", FreeBsdAbi.constant(iface.kind.type()))
        .putByte("ifi_addrlen", iface.mac.length)
        .putByte("ifi_hdrlen", iface.kind.headerLength())
        .putByte("ifi_link_state", iface.linkState)
        .putShort("ifi_datalen", FreeBsdAbi.size("if_data"))
        .putInt("ifi_mtu", iface.mtu)
        .putInt("ifi_metric", iface.metric)
        .putLong("ifi_baudrate", iface.kind.baudrate())
        .putLong("ifi_ipackets", iface.inPackets)
        .putLong("ifi_opackets", iface.outPackets)
        .putLong("ifi_ibytes", iface.inBytes)
        .putLong("ifi_obytes", iface.outBytes)
        .putLong("ifi_hwassist", iface.kind.hwassist())
        .array();
  }

  static void address(Iface iface, SimAddress address, boolean added, int flags) {
    byte[] own = Sockaddr.of(iface, address.bytes);
    byte[] mask = Sockaddr.mask(address.ipv6, address.prefix);
    int bits = bits("RTA_NETMASK", "RTA_IFP", "RTA_IFA");
    byte[] list = Sockaddr.list(mask, Sockaddr.link(iface), own);
    if (address.other.length == 4) {
      bits |= FreeBsdAbi.constant("RTA_BRD");
      list = Sockaddr.list(mask, Sockaddr.link(iface), own, Sockaddr.in(address.other));
    }
    int end = FreeBsdAbi.size("ifa_msghdr");
    tell(iface, added ? "RTM_NEWADDR" : "RTM_DELADDR", end, bits, flags, list);
  }

  /** Announces that an interface joined or left a multicast group. */
  static void group(Iface iface, byte[] group, boolean joined) {
    byte[] list =
        Sockaddr.list(
            Sockaddr.linkWith(iface, groupMac(group)),
            Sockaddr.link(iface),
            Sockaddr.of(iface, group));
    tell(
        iface,
        joined ? "RTM_NEWMADDR" : "RTM_DELMADDR",
        FreeBsdAbi.offset("ifa_msghdr", "ifam_metric"),
        bits("RTA_GATEWAY", "RTA_IFP", "RTA_IFA"),
        0,
        list);
  }

  /** Returns the MAC address of a multicast group: RFC 1112, RFC 2464. */
  private static byte[] groupMac(byte[] g) {
    return g.length == 4
        ? new byte[] {1, 0, 0x5e, (byte) (g[1] & 0x7f), g[2], g[3]}
        : new byte[] {0x33, 0x33, g[12], g[13], g[14], g[15]};
  }

  private static void tell(
      Iface iface, String type, int header, int addresses, int flags, byte[] list) {
    byte[] bytes = new byte[header + list.length];
    new Struct("ifa_msghdr", bytes)
        .putShort("ifam_msglen", bytes.length)
        .putByte("ifam_version", FreeBsdAbi.constant("RTM_VERSION"))
        .putByte("ifam_type", FreeBsdAbi.constant(type))
        .putInt("ifam_addrs", addresses)
        .putInt("ifam_flags", flags)
        .putShort("ifam_index", iface.index);
    System.arraycopy(list, 0, bytes, header, list.length);
    iface.stack.tell(bytes);
  }

  /** Announces that the route to an address's network was added or deleted. */
  static void prefixRoute(Iface iface, SimAddress address, boolean added) {
    int flags =
        FreeBsdAbi.constant("RTF_PINNED") | FreeBsdAbi.constant("RTF_DONE") | (added ? UP : 0);
    byte[] network = address.network();
    route(
        iface,
        added,
        iface.index,
        flags,
        Sockaddr.of(iface, network),
        Sockaddr.shortLink(iface),
        Sockaddr.mask(address.ipv6, address.prefix));
  }

  /** Announces the route by lo0 to an IPv6 address of the stack. */
  static void hostRoute(Iface iface, SimAddress address, boolean added) {
    Iface lo = iface.stack.find("lo0");
    int flags =
        HOST
            | FreeBsdAbi.constant("RTF_DONE")
            | FreeBsdAbi.constant("RTF_PINNED")
            | FreeBsdAbi.constant("RTF_STATIC")
            | (added ? UP : 0);
    route(
        iface,
        added,
        added && lo != null ? lo.index : 0,
        flags,
        Sockaddr.of(iface, address.bytes),
        Sockaddr.linkWith(iface, new byte[0]));
  }

  /** Announces the neighbour entry that the kernel makes for an address of its own. */
  static void neighbour(Iface iface, SimAddress address) {
    int flags = UP | HOST | FreeBsdAbi.constant("RTF_DONE") | FreeBsdAbi.constant("RTF_LLINFO");
    route(
        iface,
        true,
        0,
        flags,
        Sockaddr.of(iface, address.bytes),
        Sockaddr.linkWith(iface, iface.mac));
  }

  private static void route(Iface iface, boolean added, int index, int flags, byte[]... addresses) {
    int bits = 0;
    for (int i = 0; i < addresses.length; i++) {
      bits |= 1 << i;
    }
    byte[] list = Sockaddr.list(addresses);
    byte[] bytes = new byte[FreeBsdAbi.size("rt_msghdr") + list.length];
    new Struct("rt_msghdr", bytes)
        .putShort("rtm_msglen", bytes.length)
        .putByte("rtm_version", FreeBsdAbi.constant("RTM_VERSION"))
        .putByte("rtm_type", FreeBsdAbi.constant(added ? "RTM_ADD" : "RTM_DELETE"))
        .putShort("rtm_index", index)
        .putInt("rtm_flags", flags)
        .putInt("rtm_addrs", bits);
    System.arraycopy(list, 0, bytes, FreeBsdAbi.size("rt_msghdr"), list.length);
    iface.stack.tell(bytes);
  }

  private static int bits(String... names) {
    return Arrays.stream(names).mapToInt(FreeBsdAbi::constant).reduce(0, (a, b) -> a | b);
  }
}
