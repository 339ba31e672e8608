// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFT_LOOP;
import static org.vnet4j.freebsd.route.RouteAbi.CTL_NET;
import static org.vnet4j.freebsd.route.RouteAbi.NET_RT_DUMP;
import static org.vnet4j.freebsd.route.RouteAbi.RTF_HOST;
import static org.vnet4j.freebsd.route.RouteAbi.RTF_LLINFO;
import static org.vnet4j.freebsd.route.RouteAbi.RTF_PINNED;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ESRCH;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET6;
import static org.vnet4j.freebsd.sys.SocketAbi.PF_ROUTE;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vnet4j.Route;
import org.vnet4j.Routes;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.ioctl.ListCalls.ListedInterface;
import org.vnet4j.freebsd.route.RouteCalls;
import org.vnet4j.freebsd.route.RouteCodec;
import org.vnet4j.freebsd.route.RouteMessage;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.spi.RouteDriver;

/**
 * The routing table of one stack. Changes are made through a routing socket. The table is listed
 * through a system variable; the helper reads it for any stack but that of this process.
 */
final class FreeBsdRoutes implements RouteDriver {
  private final FreeBsdStack stack;

  FreeBsdRoutes(FreeBsdStack stack) {
    this.stack = stack;
  }

  @Override
  public List<Route> list() {
    Map<Integer, ListedInterface> interfaces = new HashMap<>();
    stack.inet(fd -> stack.calls.lists.list(fd)).forEach(one -> interfaces.put(one.index(), one));
    List<Route> routes = new ArrayList<>();
    for (int family : new int[] {AF_INET, AF_INET6}) {
      byte[] table = dump(family);
      for (RouteMessage message : RouteCodec.decode(Memory.of(table), table.length)) {
        if (message instanceof RouteMessage.Route route) {
          decode(route, interfaces).ifPresent(routes::add);
        }
      }
    }
    return routes;
  }

  private byte[] dump(int family) {
    int[] mib = {CTL_NET, PF_ROUTE, 0, family, NET_RT_DUMP, 0};
    if (stack.isOwn()) {
      return stack.ask(() -> stack.calls.sysctl.read(mib, "net.routetable"));
    }
    String name = Arrays.stream(mib).mapToObj(Integer::toString).collect(Collectors.joining("."));
    ByteBuffer answer = stack.ask(() -> stack.session().helper().sysctl(stack.ref(), name));
    byte[] table = new byte[answer.remaining()];
    answer.get(table);
    return table;
  }

  /** Decodes a route. Leaves out neighbour entries and the stack's own addresses. */
  private static Optional<Route> decode(
      RouteMessage.Route route, Map<Integer, ListedInterface> interfaces) {
    InetAddress destination = route.destination();
    ListedInterface by = interfaces.get(route.index());
    boolean host = (route.flags() & RTF_HOST) != 0;
    boolean own =
        host
            && (route.flags() & RTF_PINNED) != 0
            && route.gateway().isEmpty()
            && by != null
            && by.type() == IFT_LOOP;
    if (destination == null || by == null || own || (route.flags() & RTF_LLINFO) != 0) {
      return Optional.empty();
    }
    int width = 8 * destination.getAddress().length;
    int prefix = host ? width : route.prefixLength().orElse(width);
    return Optional.of(
        new Route(new Cidr(plain(destination), prefix), route.gateway(), Optional.of(by.name())));
  }

  static InetAddress plain(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void add(Route route) {
    String dev = route.dev().orElse(null);
    InetAddress gateway = route.gateway().orElse(null);
    int index = dev == null ? 0 : stack.index(dev);
    stack.route(
        fd -> {
          RouteCalls calls = new RouteCalls(stack.kernel());
          if (gateway == null) {
            calls.add(fd, route.destination(), index);
          } else {
            calls.add(fd, route.destination(), scoped(gateway, index));
          }
          return fd;
        });
    if (gateway != null && dev != null) {
      checkInterface(route, dev);
    }
  }

  /** Adds the interface to a link-local gateway, which is not unique without it. */
  private static InetAddress scoped(InetAddress gateway, int index) {
    if (!(gateway instanceof Inet6Address) || !gateway.isLinkLocalAddress() || index == 0) {
      return gateway;
    }
    try {
      return Inet6Address.getByAddress(null, gateway.getAddress(), index);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Checks the interface of a new route. The kernel chooses it by the gateway; if it is not the
   * wanted interface, deletes the route and throws.
   */
  private void checkInterface(Route route, String dev) {
    Optional<Route> made =
        list().stream().filter(one -> one.destination().equals(route.destination())).findFirst();
    String other = made.flatMap(Route::dev).orElse(dev);
    if (!dev.equals(other)) {
      delete(made.orElseThrow());
      throw new Routes.UnreachableException(
          Syscalls.refusal(
                  "RTM_ADD",
                  route.toString(),
                  FreeBsdErrno.ENETUNREACH,
                  "the gateway is behind " + other)
              .kernelError()
              .orElseThrow());
    }
  }

  @Override
  public void delete(Route route) {
    boolean there =
        list().stream()
            .anyMatch(
                one ->
                    one.destination().equals(route.destination())
                        && (route.gateway().isEmpty() || route.gateway().equals(one.gateway()))
                        && (route.dev().isEmpty() || route.dev().equals(one.dev())));
    if (!there) {
      VnetException missing = Syscalls.refusal("RTM_DELETE", route.toString(), ESRCH, null);
      throw FreeBsdErrors.ofRoute(missing);
    }
    stack.route(
        fd -> {
          new RouteCalls(stack.kernel()).delete(fd, route.destination());
          return fd;
        });
  }
}
