// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.freebsd.sim.FreeBsdAbi;

/** Adds and removes the addresses of interfaces, with their routes and route messages. */
public final class Addresses {
  /** The group of all hosts, 224.0.0.1. */
  private static final byte[] ALL_HOSTS = {(byte) 224, 0, 0, 1};

  /** Hash of the host's name, as it appears in ff02::2:ff00:0/104 and ff02::2:0:0/96. */
  private static final int[] NODE_LONG = {0x64, 0xcb, 0xa2};

  private static final int[] NODE_SHORT = {0x64, 0xcb, 0xa2, 0x5f};

  private Addresses() {}

  public static void add4(Iface iface, SimAddress address) {
    final boolean first = iface.inet(false).isEmpty();
    final boolean wasUp = iface.up();
    iface.addresses.add(address);
    address.routed = true;
    if (iface.loopback()) {
      iface.flags |= FreeBsdAbi.constant("IFF_DRV_RUNNING");
    }
    iface.flags |= FreeBsdAbi.constant("IFF_UP");
    Announcer.address(iface, address, true, 0);
    route4(iface, address);
    if (first && (iface.flags & FreeBsdAbi.constant("IFF_MULTICAST")) != 0 && !iface.loopback()) {
      Announcer.group(iface, ALL_HOSTS, true);
    }
    if (!wasUp) {
      up(iface, iface.stack.kernel.release().announcesUpByAddress());
    }
  }

  private static void route4(Iface iface, SimAddress address) {
    RouteTable routes = iface.stack.routes;
    int up = FreeBsdAbi.constant("RTF_UP") | FreeBsdAbi.constant("RTF_PINNED");
    int host = up | FreeBsdAbi.constant("RTF_HOST");
    if (address.prefix == 32 || iface.loopback()) {
      Iface by = iface.loopback() ? iface : iface.stack.interfaces.get(0);
      routes.add(new RouteTable.Entry(address.bytes, 32, by, host, null, iface, address.bytes));
    } else {
      if (iface.pointToPoint()) { // only to the far end; the recording has no message about it
        routes.add(
            new RouteTable.Entry(address.other, 32, iface, host, null, iface, address.bytes));
      } else {
        routes.add(
            new RouteTable.Entry(
                address.network(), address.prefix, iface, up, null, iface, address.bytes));
        Announcer.prefixRoute(iface, address, true);
      }
      Iface lo = iface.stack.interfaces.get(0);
      byte[] source = lo.inet(false).stream().findFirst().map(a -> a.bytes).orElse(address.bytes);
      int own = host | FreeBsdAbi.constant("RTF_STATIC");
      if (routes.find(address.bytes, 32) == null) {
        routes.add(new RouteTable.Entry(address.bytes, 32, lo, own, null, iface, source));
      }
    }
  }

  public static void remove4(Iface iface, SimAddress address) {
    iface.addresses.remove(address);
    Announcer.address(iface, address, false, 0);
    if (address.routed && address.prefix != 32 && !iface.loopback() && !iface.pointToPoint()) {
      Announcer.prefixRoute(iface, address, false);
    }
    iface.stack.routes.removeBy(iface, address.bytes, true);
    RouteTable.Entry own = iface.stack.routes.find(address.bytes, 32);
    if (own != null && own.link == iface) {
      iface.stack.routes.remove(own);
    }
  }

  public static void add6(Iface iface, SimAddress address) {
    final boolean wasUp = iface.up();
    final boolean first = iface.inet(true).isEmpty();
    if (!address.linkLocal()) {
      iface.neighbourFlags &= ~FreeBsdAbi.constant("ND6_IFF_IFDISABLED");
    }
    iface.flags |= FreeBsdAbi.constant("IFF_UP");
    attach6(iface, address, first);
    boolean auto = (iface.neighbourFlags & FreeBsdAbi.constant("ND6_IFF_AUTO_LINKLOCAL")) != 0;
    if (auto && iface.inet(true).stream().noneMatch(SimAddress::linkLocal)) {
      attach6(iface, new SimAddress(true, linkLocal(iface), 64, new byte[0]), false);
    }
    if (!wasUp) {
      up(iface);
    }
  }

  private static void attach6(Iface iface, SimAddress address, boolean first) {
    iface.addresses.add(address);
    if (iface.mac.length > 0) {
      Announcer.neighbour(iface, address);
      Announcer.group(iface, solicited(address), true);
      if (first) {
        firstGroups(iface).forEach(group -> Announcer.group(iface, group, true));
      }
    }
    Announcer.address(iface, address, true, FreeBsdAbi.constant("RTF_HOST"));
    RouteTable routes = iface.stack.routes;
    int up = FreeBsdAbi.constant("RTF_UP") | FreeBsdAbi.constant("RTF_PINNED");
    int own = up | FreeBsdAbi.constant("RTF_HOST") | FreeBsdAbi.constant("RTF_STATIC");
    Iface lo = iface.stack.interfaces.get(0);
    routes.add(new RouteTable.Entry(address.bytes, 128, lo, own, null, iface, address.bytes));
    Announcer.hostRoute(iface, address, true);
    if (address.prefix < 128) {
      routes.add(
          new RouteTable.Entry(
              address.network(), address.prefix, iface, up, null, iface, address.bytes));
      Announcer.prefixRoute(iface, address, true);
    }
  }

  public static void remove6(Iface iface, SimAddress address) {
    iface.addresses.remove(address);
    Announcer.hostRoute(iface, address, false);
    Announcer.address(iface, address, false, 0);
    if (address.prefix < 128) {
      Announcer.prefixRoute(iface, address, false);
    }
    iface.stack.routes.removeBy(iface, address.bytes, false);
  }

  /** Marks an interface up and announces it; lo0 gets its addresses. */
  public static void up(Iface iface) {
    up(iface, true);
  }

  private static void up(Iface iface, boolean announced) {
    iface.flags |= FreeBsdAbi.constant("IFF_UP");
    if (iface.loopback() || iface.kind == Kind.BRIDGE) {
      iface.flags |= FreeBsdAbi.constant("IFF_DRV_RUNNING");
    }
    if (iface.loopback()) {
      iface.linkState = FreeBsdAbi.constant("LINK_STATE_UP");
    }
    if (announced) {
      Announcer.info(iface);
    }
    if (iface.detecting && iface.withoutDad()) { // nd6_dad_start ends it, and its timer still runs
      iface.stack.kernel.print("nd6_dad_timer: called with non-tentative address " + iface.name);
      iface.detecting = false;
    }
    for (SimAddress address : iface.inet(false)) {
      if (!address.routed) {
        address.routed = true;
        Announcer.address(iface, address, true, FreeBsdAbi.constant("RTF_UP"));
        route4(iface, address);
      }
    }
    if (iface.loopback() && iface.inet(true).isEmpty()) {
      byte[] one = new byte[16];
      one[15] = 1;
      attach6(iface, new SimAddress(true, one, 128, one), false);
      byte[] local = one.clone();
      local[0] = (byte) 0xfe;
      local[1] = (byte) 0x80;
      attach6(iface, new SimAddress(true, local, 64, new byte[0]), false);
    }
  }

  /**
   * Marks an interface down, and deletes the routes of its IPv4 addresses to the networks behind
   * it.
   */
  public static void down(Iface iface, boolean always) {
    if (!iface.up() && !always) {
      return;
    }
    iface.flags &= ~FreeBsdAbi.constant("IFF_UP");
    if (iface.loopback() || iface.kind == Kind.BRIDGE) {
      iface.flags &= ~FreeBsdAbi.constant("IFF_DRV_RUNNING");
    }
    for (SimAddress address : iface.inet(false)) {
      if (address.routed) {
        Announcer.address(iface, address, false, FreeBsdAbi.constant("RTF_UP"));
        if (address.prefix != 32 && !iface.pointToPoint()) {
          Announcer.prefixRoute(iface, address, false);
        }
        iface.stack.routes.removeBy(iface, address.bytes, false);
        address.routed = false;
      }
    }
    Announcer.info(iface);
  }

  /** Removes every address of an interface that leaves its stack, then its multicast groups. */
  public static void dropAll(Iface iface) {
    final boolean had4 = !iface.inet(false).isEmpty();
    final List<SimAddress> six = iface.inet(true);
    List.copyOf(iface.inet(false)).forEach(address -> remove4(iface, address));
    six.forEach(address -> remove6(iface, address));
    if (had4) {
      Announcer.group(iface, ALL_HOSTS, false);
    }
    if (!six.isEmpty() && iface.mac.length > 0) {
      // The two all-nodes groups share a MAC address and are left together; the others in the order
      // of joining.
      List<byte[]> first = firstGroups(iface);
      List<byte[]> groups = new ArrayList<>(List.of(first.get(3), first.get(0)));
      groups.add(solicited(six.get(0)));
      groups.addAll(first.subList(1, 3));
      six.stream().skip(1).forEach(address -> groups.add(solicited(address)));
      groups.forEach(group -> Announcer.group(iface, group, false));
    }
  }

  private static byte[] group6(int scope, int... last) {
    byte[] group = new byte[16];
    group[0] = (byte) 0xff;
    group[1] = (byte) scope;
    for (int i = 0; i < last.length; i++) {
      group[16 - last.length + i] = (byte) last[i];
    }
    return group;
  }

  private static byte[] solicited(SimAddress address) {
    byte[] a = address.bytes;
    return group6(2, 1, 0xff, a[13], a[14], a[15]);
  }

  private static List<byte[]> firstGroups(Iface iface) {
    return List.of(
        group6(2, 1),
        group6(2, 2, 0xff, NODE_LONG[0], NODE_LONG[1], NODE_LONG[2]),
        group6(2, 2, NODE_SHORT[0], NODE_SHORT[1], NODE_SHORT[2], NODE_SHORT[3]),
        group6(1, 1));
  }

  /**
   * Forms a link-local address from the MAC address. Without a unicast MAC address the identifier
   * is random.
   */
  private static byte[] linkLocal(Iface iface) {
    byte[] m = iface.mac;
    byte[] id =
        m.length < 6 || (m[0] & 1) != 0
            ? iface.stack.kernel.chance.identifier()
            : new byte[] {
              (byte) (m[0] ^ 2), m[1], m[2], (byte) 0xff, (byte) 0xfe, m[3], m[4], m[5]
            };
    byte[] address = new byte[16];
    address[0] = (byte) 0xfe;
    address[1] = (byte) 0x80;
    System.arraycopy(id, 0, address, 8, 8);
    return address;
  }
}
