// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import org.vnet4j.Route;

/** Operations on the routing table of one stack. See route(8). */
public interface RouteDriver {

  /**
   * Lists the routes of the main table, IPv4 first.
   *
   * @return the current routes
   */
  List<Route> list();

  /**
   * Adds a route.
   *
   * @param route its destination and its gateway or interface
   * @throws org.vnet4j.Routes.ExistsException if a route to that destination exists (EEXIST)
   * @throws org.vnet4j.Routes.UnreachableException if no network of the stack contains the gateway
   *     (ENETUNREACH, EHOSTUNREACH)
   */
  void add(Route route);

  /**
   * Deletes a route.
   *
   * @param route its destination; its gateway and its interface, if given, must match too
   * @throws org.vnet4j.Routes.NotFoundException if there is no such route (ESRCH)
   */
  void delete(Route route);
}
