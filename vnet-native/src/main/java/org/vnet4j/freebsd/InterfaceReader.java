// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.*;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENXIO;
import static org.vnet4j.net.Errno.EADDRNOTAVAIL;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.LinkStatus;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.ioctl.InterfaceCalls;
import org.vnet4j.freebsd.ioctl.ListCalls.ListedInterface;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceFlag;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.posix.owner.Mark;

/** Reads the full state of the interfaces of one stack: lists them, then queries each. */
final class InterfaceReader {
  /** The first release that looks for the cloner of an interface in its home stack. */
  static final int FIRST_WITH_HOME_CLONERS = 1_400_000;

  /** A cloned interface is in a group of its kind, whatever its name. */
  private static final Set<InterfaceKind> KINDS =
      EnumSet.range(InterfaceKind.EPAIR, InterfaceKind.LOOPBACK);

  private static final Map<Integer, InterfaceFlag> FLAGS =
      Map.ofEntries(
          Map.entry(IFF_UP, InterfaceFlag.UP),
          Map.entry(IFF_BROADCAST, InterfaceFlag.BROADCAST),
          Map.entry(IFF_DEBUG, InterfaceFlag.DEBUG),
          Map.entry(IFF_LOOPBACK, InterfaceFlag.LOOPBACK),
          Map.entry(IFF_POINTOPOINT, InterfaceFlag.POINTOPOINT),
          Map.entry(IFF_DRV_RUNNING, InterfaceFlag.RUNNING),
          Map.entry(IFF_NOARP, InterfaceFlag.NOARP),
          Map.entry(IFF_PROMISC, InterfaceFlag.PROMISC),
          Map.entry(IFF_ALLMULTI, InterfaceFlag.ALLMULTI),
          Map.entry(IFF_SIMPLEX, InterfaceFlag.SIMPLEX),
          Map.entry(IFF_MULTICAST, InterfaceFlag.MULTICAST));

  private final FreeBsdStack stack;

  InterfaceReader(FreeBsdStack stack) {
    this.stack = stack;
  }

  /** Reads all interfaces. Skips those destroyed meanwhile. */
  List<InterfaceInfo> list() {
    List<ListedInterface> listed = listed();
    Map<String, String> bridges = bridges(listed);
    List<InterfaceInfo> infos = new ArrayList<>();
    for (ListedInterface one : listed) {
      try {
        infos.add(info(one, bridges.get(one.name())));
      } catch (NetInterface.NotFoundException e) {
        continue;
      }
    }
    infos.sort(Comparator.comparingInt(InterfaceInfo::index));
    return infos;
  }

  InterfaceInfo get(String name) {
    List<ListedInterface> listed = listed();
    ListedInterface one =
        listed.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    stack.named(
                        FreeBsdErrors.ofInterface(
                            Syscalls.refusal("SIOCGIFCONF", name, ENXIO, null))));
    return info(one, bridges(listed).get(name));
  }

  private List<ListedInterface> listed() {
    return stack.inet(fd -> stack.calls.lists.list(fd));
  }

  /**
   * Returns the bridge of which an interface is a member. A member is promiscuous, so other
   * interfaces need no scan.
   */
  Optional<String> bridgeOf(String name) {
    int flags = stack.inet(fd -> stack.calls.interfaces.flags(fd, name));
    return (flags & IFF_PROMISC) == 0
        ? Optional.empty()
        : Optional.ofNullable(bridges(listed()).get(name));
  }

  /**
   * Returns the bridge of each member, since the kernel does not report the bridge of an interface.
   */
  private Map<String, String> bridges(List<ListedInterface> listed) {
    Map<String, String> bridges = new HashMap<>();
    for (ListedInterface one : listed) {
      try {
        if (isBridge(one)) {
          stack
              .inet(fd -> stack.calls.bridges.members(fd, one.name()))
              .forEach(member -> bridges.put(member.name(), one.name()));
        }
      } catch (NetInterface.NotFoundException e) {
        continue;
      }
    }
    return bridges;
  }

  /**
   * Returns whether an interface is a bridge. The listed address of a bridge has the type of an
   * Ethernet; the interface data has the real type.
   */
  private boolean isBridge(ListedInterface one) {
    return one.type() == IFT_BRIDGE
        || one.type() == IFT_ETHER
            && stack.inet(fd -> stack.calls.interfaces.data(fd, one.name())).type() == IFT_BRIDGE;
  }

  private InterfaceInfo info(ListedInterface listed, @Nullable String bridge) {
    String name = listed.name();
    return stack.inet(
        fd -> {
          InterfaceCalls calls = stack.calls.interfaces;
          int flags = calls.flags(fd, name);
          List<String> groups = groups(fd, name);
          String text = stack.calls.descriptions.get(fd, name).orElse("");
          return new InterfaceInfo(
              name,
              listed.index(),
              kind(fd, name, groups),
              names(flags),
              flags,
              calls.mtu(fd, name),
              listed.mac(),
              addresses(fd, listed),
              groups,
              status(fd, name),
              Optional.ofNullable(bridge),
              Mark.parse(text).text());
        });
  }

  private List<String> groups(int fd, String name) {
    return stack.calls.groups.list(fd, name);
  }

  /** Returns the kind of an interface. */
  InterfaceKind kind(String name) {
    return stack.inet(fd -> kind(fd, name, groups(fd, name)));
  }

  /**
   * Returns the kind by the group that the cloner gave. Before FreeBSD 14 an interface leaves that
   * group when it moves from a stack that is not its home ({@code if_clone_findifc} in
   * net/if_clone.c); there the driver's name decides.
   */
  private InterfaceKind kind(int fd, String name, List<String> groups) {
    for (InterfaceKind kind : KINDS) {
      if (groups.contains(kind.toString())) {
        return kind;
      }
    }
    if (stack.session().release() < FIRST_WITH_HOME_CLONERS) {
      String driver = stack.driver(stack.calls.interfaces.index(fd, name));
      for (InterfaceKind kind : KINDS) {
        if (driver.matches(kind + "[0-9]+")) {
          return kind;
        }
      }
    }
    return InterfaceKind.ETHER;
  }

  private LinkStatus status(int fd, String name) {
    return stack
        .calls
        .interfaces
        .active(fd, name)
        .map(active -> active ? LinkStatus.ACTIVE : LinkStatus.NO_CARRIER)
        .orElse(LinkStatus.UNKNOWN);
  }

  private static Set<InterfaceFlag> names(int flags) {
    EnumSet<InterfaceFlag> names = EnumSet.noneOf(InterfaceFlag.class);
    FLAGS.forEach(
        (bit, flag) -> {
          if ((flags & bit) != 0) {
            names.add(flag);
          }
        });
    return names;
  }

  private List<Cidr> addresses(int inet, ListedInterface listed) {
    List<Cidr> addresses = new ArrayList<>();
    for (InetAddress address : listed.addresses()) {
      try {
        addresses.add(new Cidr(plain(address), prefixLength(inet, listed.name(), address)));
      } catch (VnetException e) {
        if (!e.isErrno(EADDRNOTAVAIL) && !(e instanceof NetInterface.AddressNotFoundException)) {
          throw e;
        }
      }
    }
    addresses.sort(Comparator.comparing(Cidr::isIpv6));
    return addresses;
  }

  private int prefixLength(int inet, String name, InetAddress address) {
    return address.getAddress().length == 4
        ? stack.calls.inet.get(inet, name, address).address().prefixLength()
        : stack.inet6(fd -> stack.calls.inet6.prefixLength(fd, name, address));
  }

  /**
   * Returns the address without its scope. The scope of a link-local address is its interface,
   * which the caller knows.
   */
  private static InetAddress plain(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
