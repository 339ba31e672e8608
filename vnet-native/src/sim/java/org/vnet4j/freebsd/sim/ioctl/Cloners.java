// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.net.Addresses;
import org.vnet4j.freebsd.sim.net.Announcer;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Kind;

/** Creates and destroys interfaces, as in net/if_clone.c. */
final class Cloners {
  private static final Pattern NAME = Pattern.compile("([a-z]+)(0|[1-9][0-9]{0,6})?");

  private Cloners() {}

  /** Returns the interface kinds that a stack can create, in the kernel's order. */
  static List<String> kinds(Stack stack) {
    List<String> loaded = stack.kernel.modules.kindsLoaded();
    if (stack == stack.kernel.host().stack) {
      List<String> kinds = new ArrayList<>(loaded);
      kinds.addAll(Kind.BUILT_IN);
      return kinds;
    }
    return Kind.ALL.stream()
        .map(Kind::name)
        .filter(k -> !k.equals("vxlan")) // only the host's stack has its cloner
        .filter(k -> loaded.contains(k) || Kind.BUILT_IN.contains(k))
        .toList();
  }

  /** Creates an interface and returns it; for an epair, its end a. */
  static Iface create(Stack stack, String wanted, byte[] parameters) {
    Matcher matcher = NAME.matcher(wanted);
    if (!matcher.matches() || !kinds(stack).contains(matcher.group(1))) {
      throw new SysError("EINVAL");
    }
    String kindName = matcher.group(1);
    Kind kind = Kind.ALL.stream().filter(k -> k.name().equals(kindName)).findFirst().orElseThrow();
    int unit =
        matcher.group(2) == null ? freeUnit(stack, kind) : Integer.parseInt(matcher.group(2));
    if (kind == Kind.EPAIR) {
      return epair(stack, unit);
    }
    String name = kind.name() + unit;
    checkFree(stack, kind, unit, name);
    Iface iface = make(stack, kind, name, unit);
    iface.vxlan = parameters;
    stack.interfaces.add(iface);
    Announcer.arrival(iface);
    return iface;
  }

  private static Iface epair(Stack stack, int unit) {
    checkFree(stack, Kind.EPAIR, unit, "epair" + unit + "a");
    if (stack.find("epair" + unit + "b") != null) {
      throw new SysError("EEXIST");
    }
    Iface a = make(stack, Kind.EPAIR, "epair" + unit + "a", unit);
    stack.interfaces.add(a);
    Announcer.arrival(a);
    Iface b = make(stack, Kind.EPAIR, "epair" + unit + "b", unit);
    stack.interfaces.add(b);
    Announcer.arrival(b);
    a.peer = b;
    b.peer = a;
    Announcer.info(a);
    Announcer.info(b);
    return a;
  }

  private static Iface make(Stack stack, Kind kind, String name, int unit) {
    Iface iface = new Iface(kind, name, unit, stack.kernel.freeIndex(), stack);
    if (kind.ether()) {
      iface.mac = stack.kernel.chance.mac(stack.name, name);
      iface.hardwareMac = kind.burntIn() ? iface.mac : new byte[0];
    }
    return iface;
  }

  /**
   * Returns whether a unit number is taken. An interface counts in its home stack, wherever it is
   * now.
   */
  private static boolean taken(Stack stack, Kind kind, int unit) {
    return stack.kernel.allInterfaces().stream()
        .anyMatch(i -> i.home == stack && i.kind == kind && i.unit == unit);
  }

  private static int freeUnit(Stack stack, Kind kind) {
    int unit = 0;
    while (taken(stack, kind, unit)) {
      unit++;
    }
    return unit;
  }

  private static void checkFree(Stack stack, Kind kind, int unit, String name) {
    if (taken(stack, kind, unit) || stack.find(name) != null) {
      throw new SysError("EEXIST");
    }
  }

  static void destroy(Stack stack, String name) {
    Iface iface = stack.get(name);
    if (iface.loopback() && iface.unit == 0) {
      throw new SysError("EINVAL");
    }
    boolean clonerIsHere = iface.home == stack || !kinds(stack).contains(iface.kind.name());
    if (!clonerIsHere && !stack.kernel.release().findsClonerAtHome()) {
      throw new SysError("ENXIO");
    }
    destroyNow(iface);
  }

  static void destroyNow(Iface iface) {
    Iface peer = iface.peer;
    if (peer == null) {
      Addresses.down(iface, false);
      remove(iface);
      return;
    }
    int running = FreeBsdAbi.constant("IFF_DRV_RUNNING");
    for (Iface end : List.of(iface, peer)) {
      end.linkState = FreeBsdAbi.constant("LINK_STATE_DOWN");
      Addresses.down(end, false);
      if (end == peer) {
        end.flags &= ~running;
      }
      Announcer.info(end);
    }
    iface.flags = iface.flags & ~running | FreeBsdAbi.constant("IFF_DYING");
    Announcer.info(iface);
    remove(iface);
    peer.flags |= FreeBsdAbi.constant("IFF_DYING");
    Announcer.info(peer);
    remove(peer);
    iface.peer = null;
    peer.peer = null;
  }

  private static void remove(Iface iface) {
    BridgeIoctls.leave(iface);
    List.copyOf(iface.members).forEach(member -> BridgeIoctls.leave(member.iface()));
    for (Iface other : iface.stack.kernel.allInterfaces()) {
      if (other.vlan.length > 0 && other.stack == iface.stack && parent(other).equals(iface.name)) {
        other.vlan = new byte[0];
      }
    }
    Addresses.dropAll(iface);
    iface.unbind();
    Announcer.departure(iface);
    iface.stack.interfaces.remove(iface);
    iface.stack.routes.removeOf(iface);
  }

  private static String parent(Iface vlan) {
    return new Struct("vlanreq", Arrays.copyOf(vlan.vlan, FreeBsdAbi.size("vlanreq")))
        .getText("vlr_parent");
  }
}
