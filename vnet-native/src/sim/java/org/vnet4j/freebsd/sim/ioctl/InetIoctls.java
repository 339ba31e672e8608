// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.net.Addresses;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.SimAddress;
import org.vnet4j.freebsd.sim.net.Sockaddr;

/** The interface requests of IPv4 addresses, as in netinet/in.c. */
final class InetIoctls {
  private final SimProcess process;
  private final Iface iface;
  private final byte[] argument;

  InetIoctls(SimProcess process, Iface iface, byte[] argument) {
    this.process = process;
    this.iface = iface;
    this.argument = argument;
  }

  void handle(long request) {
    if (request == FreeBsdAbi.request("SIOCAIFADDR")) {
      process.checkRoot();
      add(new Struct("in_aliasreq", argument));
    } else if (request == FreeBsdAbi.request("SIOCDIFADDR")) {
      process.checkRoot();
      remove();
    } else if (request == FreeBsdAbi.request("SIOCGIFALIAS")) {
      alias(new Struct("in_aliasreq", argument));
    } else if (request == FreeBsdAbi.request("SIOCGIFADDR")) {
      answer(Sockaddr.in(one().bytes));
    } else if (request == FreeBsdAbi.request("SIOCGIFNETMASK")) {
      answer(trimmed(Sockaddr.mask(false, one().prefix)));
    } else if (request == FreeBsdAbi.request("SIOCGIFBRDADDR")) {
      if ((iface.flags & FreeBsdAbi.constant("IFF_BROADCAST")) == 0) {
        throw new SysError("EINVAL");
      }
      answer(Sockaddr.in(one().other));
    } else {
      throw new SysError("EOPNOTSUPP");
    }
  }

  private static byte @Nullable [] address(Struct request, String field) {
    Struct address = request.part(field, "sockaddr_in");
    int length = address.getByte("sin_len");
    if (length == 0) {
      return null;
    }
    if (length != FreeBsdAbi.size("sockaddr_in")
        || address.getByte("sin_family") != FreeBsdAbi.constant("AF_INET")) {
      throw new SysError("EINVAL");
    }
    return address.get("sin_addr", 4);
  }

  private void add(Struct request) {
    byte[] own = address(request, "ifra_addr");
    byte[] other = address(request, "ifra_dstaddr");
    byte[] mask = address(request, "ifra_mask");
    if (own == null) {
      throw new SysError("EINVAL");
    }
    if ((iface.flags & FreeBsdAbi.constant("IFF_POINTOPOINT")) != 0 && other == null) {
      throw new SysError("EDESTADDRREQ");
    }
    int prefix = mask == null ? (own[0] & 0x80) == 0 ? 8 : 24 : SimAddress.prefix(mask);
    if (other == null && (iface.flags & FreeBsdAbi.constant("IFF_BROADCAST")) != 0) {
      other = SimAddress.network(own, prefix);
      byte[] bits = SimAddress.mask(4, prefix);
      for (int i = 0; i < other.length; i++) {
        other[i] |= (byte) ~bits[i];
      }
    }
    SimAddress there = iface.find(own);
    if (there != null) {
      Addresses.remove4(iface, there);
    }
    Addresses.add4(iface, new SimAddress(false, own, prefix, other == null ? new byte[0] : other));
  }

  private void remove() {
    SimAddress found = iface.find(sinAddr());
    if (found == null) {
      throw new SysError("EADDRNOTAVAIL");
    }
    Addresses.remove4(iface, found);
  }

  private byte[] sinAddr() {
    return new Struct("ifreq", argument).part("ifr_ifru", "sockaddr_in").get("sin_addr", 4);
  }

  /** Returns the address that the request names, else the interface's first. */
  private SimAddress one() {
    List<SimAddress> all = iface.inet(false);
    if (all.isEmpty()) {
      throw new SysError("EADDRNOTAVAIL");
    }
    SimAddress asked = iface.find(sinAddr());
    return asked == null ? all.get(0) : asked;
  }

  private void alias(Struct request) {
    byte[] own = address(request, "ifra_addr");
    SimAddress found = own == null ? null : iface.find(own);
    if (found == null) {
      throw new SysError(own == null ? "EINVAL" : "EADDRNOTAVAIL");
    }
    byte[] mask = trimmed(Sockaddr.mask(false, found.prefix));
    request.put("ifra_mask", mask);
    request.put(
        "ifra_dstaddr",
        found.other.length == 0
            ? new byte[FreeBsdAbi.size("sockaddr_in")]
            : Sockaddr.in(found.other));
  }

  /** Drops a mask's trailing zeros, as the kernel stores it; the length byte shows that. */
  private static byte[] trimmed(byte[] mask) {
    int length = 8;
    while (length > 4 && mask[length - 1] == 0) {
      length--;
    }
    byte[] trimmed = mask.clone();
    trimmed[0] = (byte) (length == 4 ? 0 : length);
    return trimmed;
  }

  private void answer(byte[] sockaddr) {
    int at = FreeBsdAbi.offset("ifreq", "ifr_ifru");
    System.arraycopy(
        Arrays.copyOf(sockaddr, FreeBsdAbi.size("sockaddr")), 0, argument, at, sockaddr.length);
  }
}
