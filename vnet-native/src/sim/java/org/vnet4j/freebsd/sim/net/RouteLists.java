// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;

/**
 * Answers the sysctl variables that list interfaces and routes: sysctl_iflist, sysctl_dumpentry.
 */
public final class RouteLists {
  private RouteLists() {}

  public static byte[] list(Stack stack, int[] mib) {
    if (mib.length != 6) {
      throw new SysError("EINVAL");
    }
    if (mib[4] == FreeBsdAbi.constant("NET_RT_DUMP")) {
      return routes(stack, mib[3]);
    }
    if (mib[4] == FreeBsdAbi.constant("NET_RT_IFLISTL")) {
      return interfaces(stack);
    }
    throw new SysError("EINVAL");
  }

  private static byte[] routes(Stack stack, int family) {
    byte[] all = new byte[0];
    for (RouteTable.Entry route : stack.routes.entries()) {
      int own = FreeBsdAbi.constant(route.destination.length == 4 ? "AF_INET" : "AF_INET6");
      if (family == 0 || family == own) {
        all = RouteRequests.join(all, RouteRequests.dumped(route));
      }
    }
    return all;
  }

  private static byte[] interfaces(Stack stack) {
    byte[] all = new byte[0];
    for (Iface iface : stack.interfaces) {
      all = RouteRequests.join(all, one(iface));
      for (SimAddress address : iface.addresses) {
        all = RouteRequests.join(all, address(iface, address));
      }
    }
    return all;
  }

  private static byte[] one(Iface iface) {
    byte[] link = Sockaddr.list(Sockaddr.link(iface));
    int size = FreeBsdAbi.size("if_msghdrl");
    byte[] bytes = new byte[size + link.length];
    Struct message = new Struct("if_msghdrl", bytes);
    message
        .putShort("ifm_msglen", bytes.length)
        .putByte("ifm_version", FreeBsdAbi.constant("RTM_VERSION"))
        .putByte("ifm_type", FreeBsdAbi.constant("RTM_IFINFO"))
        .putInt("ifm_addrs", FreeBsdAbi.constant("RTA_IFP"))
        .putInt("ifm_flags", iface.flags)
        .putShort("ifm_index", iface.index)
        .putShort("ifm_len", size)
        .putShort("ifm_data_off", FreeBsdAbi.offset("if_msghdrl", "ifm_data"))
        .put("ifm_data", Announcer.data(iface));
    System.arraycopy(link, 0, bytes, size, link.length);
    return bytes;
  }

  private static byte[] address(Iface iface, SimAddress address) {
    byte[] other = address.other.length == 0 ? new byte[0] : Sockaddr.of(iface, address.other);
    byte[] mask = Sockaddr.mask(address.ipv6, address.prefix);
    byte[] own = Sockaddr.of(iface, address.bytes);
    // Loopback and point-to-point interfaces have a far end, which may be empty.
    boolean far = iface.loopback() || (iface.flags & FreeBsdAbi.constant("IFF_POINTOPOINT")) != 0;
    boolean brd = far || other.length > 0;
    byte[] list = brd ? Sockaddr.list(mask, own, other) : Sockaddr.list(mask, own);
    int bits = FreeBsdAbi.constant("RTA_NETMASK") | FreeBsdAbi.constant("RTA_IFA");
    int size = FreeBsdAbi.size("ifa_msghdrl");
    byte[] bytes = new byte[size + list.length];
    Struct message = new Struct("ifa_msghdrl", bytes);
    message
        .putShort("ifam_msglen", bytes.length)
        .putByte("ifam_version", FreeBsdAbi.constant("RTM_VERSION"))
        .putByte("ifam_type", FreeBsdAbi.constant("RTM_NEWADDR"))
        .putInt("ifam_addrs", brd ? bits | FreeBsdAbi.constant("RTA_BRD") : bits)
        .putInt("ifam_flags", FreeBsdAbi.constant(address.ipv6 ? "RTF_HOST" : "RTF_UP"))
        .putShort("ifam_index", iface.index)
        .putShort("ifam_len", size)
        .putShort("ifam_data_off", FreeBsdAbi.offset("ifa_msghdrl", "ifam_data"));
    message.part("ifam_data", "if_data").putShort("ifi_datalen", FreeBsdAbi.size("if_data"));
    System.arraycopy(list, 0, bytes, size, list.length);
    return bytes;
  }
}
