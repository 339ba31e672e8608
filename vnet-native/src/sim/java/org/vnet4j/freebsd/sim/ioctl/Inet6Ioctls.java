// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.net.Addresses;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.SimAddress;
import org.vnet4j.freebsd.sim.net.Sockaddr;

/**
 * The interface requests of IPv6 addresses and neighbour discovery, as in netinet6/in6.c and
 * netinet6/nd6.c.
 */
final class Inet6Ioctls {
  /** Request number from the recording; freebsd-abi.json lacks it. */
  static final long SIOCSIFINFO_FLAGS = 3225971031L;

  private static final long SIOCGIFNETMASK_IN6 =
      0xc0000000L | (long) FreeBsdAbi.size("in6_ifreq") << 16 | 'i' << 8 | 37;

  private final SimProcess process;
  private final Iface iface;
  private final byte[] argument;

  Inet6Ioctls(SimProcess process, Iface iface, byte[] argument) {
    this.process = process;
    this.iface = iface;
    this.argument = argument;
  }

  void handle(long request) {
    if (request == FreeBsdAbi.request("SIOCAIFADDR_IN6")) {
      process.checkRoot();
      add(new Struct("in6_aliasreq", argument));
    } else if (request == FreeBsdAbi.request("SIOCDIFADDR_IN6")) {
      process.checkRoot();
      Addresses.remove6(iface, asked());
    } else if (request == FreeBsdAbi.request("SIOCGIFAFLAG_IN6")) {
      new Struct("in6_ifreq", argument).putInt("ifr_ifru", asked().flags);
    } else if (request == SIOCGIFNETMASK_IN6) {
      new Struct("in6_ifreq", argument).put("ifr_ifru", Sockaddr.mask(true, asked().prefix));
    } else if (request == FreeBsdAbi.request("SIOCGIFALIFETIME_IN6")) {
      asked();
      new Struct("in6_ifreq", argument)
          .part("ifr_ifru", "in6_addrlifetime")
          .putLong("ia6t_expire", 0)
          .putLong("ia6t_preferred", 0)
          .putInt("ia6t_vltime", FreeBsdAbi.constant("ND6_INFINITE_LIFETIME"))
          .putInt("ia6t_pltime", FreeBsdAbi.constant("ND6_INFINITE_LIFETIME"));
    } else if (request == FreeBsdAbi.request("SIOCGIFINFO_IN6")) {
      info();
    } else if (request == SIOCSIFINFO_FLAGS) {
      process.checkRoot();
      setFlags(new Struct("in6_ndireq", argument).part("ndi", "nd_ifinfo").getInt("flags"));
    } else {
      throw new SysError("EOPNOTSUPP");
    }
  }

  private void add(Struct request) {
    Struct own = request.part("ifra_addr", "sockaddr_in6");
    if (own.getByte("sin6_family") != FreeBsdAbi.constant("AF_INET6")
        || own.getByte("sin6_len") != FreeBsdAbi.size("sockaddr_in6")) {
      throw new SysError("EAFNOSUPPORT");
    }
    byte[] bytes = own.get("sin6_addr", 16);
    Struct mask = request.part("ifra_prefixmask", "sockaddr_in6");
    int prefix = mask.getByte("sin6_len") == 0 ? 64 : SimAddress.prefix(mask.get("sin6_addr", 16));
    SimAddress there = iface.find(bytes);
    if (there != null) {
      return;
    }
    SimAddress address = new SimAddress(true, bytes, prefix, new byte[0]);
    address.flags =
        request.getInt("ifra_flags")
            & ~(FreeBsdAbi.constant("IN6_IFF_NODAD") | FreeBsdAbi.constant("IN6_IFF_TENTATIVE"));
    Addresses.add6(iface, address);
  }

  /** Returns the address that the request names. The comparison is by bytes, and ignores scopes. */
  private SimAddress asked() {
    Struct in6 = new Struct("in6_ifreq", argument).part("ifr_ifru", "sockaddr_in6");
    SimAddress found = iface.find(in6.get("sin6_addr", 16));
    if (found == null) {
      throw new SysError("EADDRNOTAVAIL");
    }
    return found;
  }

  /**
   * Answers with the initial values of neighbour discovery. A real kernel draws the reachable time
   * at random.
   */
  private void info() {
    new Struct("in6_ndireq", argument)
        .part("ndi", "nd_ifinfo")
        .putInt("linkmtu", 0)
        .putInt("maxmtu", iface.mtu)
        .putInt("basereachable", 30_000)
        .putInt("reachable", 43)
        .putInt("retrans", 1000)
        .putInt("flags", iface.neighbourFlags)
        .putInt("recalctm", 0)
        .putByte("chlim", 64)
        .putByte("initialized", 1);
  }

  /**
   * Sets the flags, as nd6_ioctl: enabling IPv6 on an interface that is up starts the detection of
   * duplicates of its link-local address before the other flags are stored.
   */
  private void setFlags(int flags) {
    int disabled = FreeBsdAbi.constant("ND6_IFF_IFDISABLED");
    boolean enables = (iface.neighbourFlags & disabled) != 0 && (flags & disabled) == 0;
    if (enables && iface.up() && !iface.withoutDad()) {
      iface.detecting = true;
    }
    iface.neighbourFlags = flags;
  }
}
