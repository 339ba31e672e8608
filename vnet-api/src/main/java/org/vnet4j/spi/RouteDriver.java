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
   * @return what the kernel says now
   */
  List<Route> list();

  /**
   * Adds a route.
   *
   * @param route its destination and its gateway or interface
   * @throws org.vnet4j.Routes.ExistsException if there is one to that destination
   * @throws org.vnet4j.Routes.UnreachableException if the gateway is on no network of the stack
   */
  void add(Route route);

  /**
   * Deletes a route.
   *
   * @param route its destination, and its gateway or interface where that matters
   * @throws org.vnet4j.Routes.NotFoundException if there is none
   */
  void delete(Route route);
}
