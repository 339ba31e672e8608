// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;
import static org.vnet4j.net.Errno.ENOENT;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vnet4j.Route;
import org.vnet4j.linux.netlink.NetlinkSocket;
import org.vnet4j.linux.rtnetlink.RouteMessages;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.RouteDriver;

/** The route driver: reads and changes the main routing table of one namespace by rtnetlink(7). */
final class LinuxRoutes implements RouteDriver {
  private final LinuxStack stack;

  LinuxRoutes(LinuxStack stack) {
    this.stack = stack;
  }

  @Override
  public List<Route> list() {
    Map<Integer, String> names = new HashMap<>();
    stack.links().forEach(link -> names.put(link.index(), link.name()));
    return stack.ask(
        KernelErrors::ofRoute,
        exchange -> {
          List<Route> routes = new ArrayList<>();
          for (int family : new int[] {AF_INET, AF_INET6}) {
            routes.addAll(dump(exchange, family, names));
          }
          return routes;
        });
  }

  private static List<Route> dump(
      NetlinkSocket.Exchange exchange, int family, Map<Integer, String> names) {
    List<Route> routes = new ArrayList<>();
    RouteMessages.dump(exchange.out().clear(), family);
    try {
      exchange
          .dump(
              "RTM_GETROUTE",
              "main table",
              (type, buffer, from, to) -> {
                List<Route> some = new ArrayList<>();
                if (type == RTM_NEWROUTE) {
                  RouteMessages.decode(buffer, from, to, names::get, some::add);
                }
                return some;
              })
          .forEach(routes::addAll);
    } catch (NetlinkSocket.NetlinkError e) {
      // A stack that never had an address has no table yet.
      if (!e.error().isErrno(ENOENT)) {
        throw e;
      }
    }
    return routes;
  }

  @Override
  public void add(Route route) {
    stack.ask(
        KernelErrors::ofRoute,
        exchange -> {
          String dev = route.dev().orElse(null);
          int index = dev == null ? 0 : exchange.index(dev);
          RouteMessages.add(exchange.out(), route, index);
          exchange.execute("RTM_NEWROUTE", route.toString());
          return true;
        });
  }

  @Override
  public void delete(Route route) {
    stack.ask(
        KernelErrors::ofRoute,
        exchange -> {
          String dev = route.dev().orElse(null);
          int index = dev == null ? 0 : exchange.index(dev);
          RouteMessages.delete(exchange.out(), route, index);
          exchange.execute("RTM_DELROUTE", route.toString());
          return true;
        });
  }
}
