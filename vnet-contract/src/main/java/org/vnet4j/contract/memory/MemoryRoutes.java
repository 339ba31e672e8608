// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import static org.vnet4j.net.Errno.EEXIST;
import static org.vnet4j.net.Errno.ENETUNREACH;
import static org.vnet4j.net.Errno.ESRCH;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.RouteDriver;

/** The routes of a stack of the kernel in memory. */
final class MemoryRoutes implements RouteDriver {
  private final MemoryStack stack;
  private final List<Route> added = new ArrayList<>();

  MemoryRoutes(MemoryStack stack) {
    this.stack = stack;
  }

  @Override
  public List<Route> list() {
    List<Route> all = onLink();
    all.addAll(added);
    all.sort(Comparator.comparing(route -> route.destination().isIpv6()));
    return all;
  }

  private List<Route> onLink() {
    List<Route> routes = new ArrayList<>();
    for (MemoryInterface one : stack.interfacesNow()) {
      if (one.up) {
        for (Cidr address : one.addresses) {
          routes.add(Route.onLink(address, one.name));
        }
      }
    }
    return routes;
  }

  @Override
  public void add(Route route) {
    if (list().stream().anyMatch(one -> one.destination().equals(route.destination()))) {
      throw KernelErrors.ofRoute(MemoryKernel.error("RTM_ADD", route.toString(), EEXIST));
    }
    InetAddress gateway = route.gateway().orElse(null);
    if (gateway == null) {
      added.add(route);
      return;
    }
    Route way =
        onLink().stream()
            .filter(one -> leadsTo(gateway, route, one))
            .findFirst()
            .orElseThrow(
                () ->
                    KernelErrors.ofRoute(
                        MemoryKernel.error("RTM_ADD", route.toString(), ENETUNREACH)));
    added.add(Route.via(route.destination(), gateway, way.dev().orElseThrow()));
  }

  /** A link-local gateway is on the link that the route names. */
  private static boolean leadsTo(InetAddress gateway, Route route, Route onLink) {
    return gateway.isLinkLocalAddress()
        ? onLink.dev().equals(route.dev())
        : onLink.destination().contains(gateway);
  }

  @Override
  public void delete(Route route) {
    if (!added.removeIf(one -> one.destination().equals(route.destination()))) {
      throw KernelErrors.ofRoute(MemoryKernel.error("RTM_DELETE", route.toString(), ESRCH));
    }
  }

  void forget(String dev) {
    added.removeIf(route -> route.dev().filter(dev::equals).isPresent());
  }
}
