// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import org.jspecify.annotations.Nullable;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;

/** Receives what a kernel reports about one stack. Reporting a known fact again has no effect. */
public interface EventSink {

  /**
   * Returns the name of an interface, as last reported.
   *
   * @param index interface index
   * @return its name, or null if no such interface was reported
   */
  @Nullable String name(int index);

  /**
   * Returns whether an interface is up, as last reported.
   *
   * @param index interface index
   * @return true for up
   */
  boolean isUp(int index);

  /**
   * Reports that an interface exists.
   *
   * @param index interface index
   * @param name its name, or null if it is the name last reported
   * @param up whether it is up
   */
  void link(int index, @Nullable String name, boolean up);

  /**
   * Reports that an interface has left the stack.
   *
   * @param index interface index
   */
  void gone(int index);

  /**
   * Reports that an address was added or removed.
   *
   * @param index interface index
   * @param address the address with its prefix length
   * @param there true if the interface has the address now
   */
  void address(int index, Cidr address, boolean there);

  /**
   * Reports that a route was added or removed.
   *
   * @param route the route
   * @param there true if the main table has the route now
   */
  void route(Route route, boolean there);

  /** Reports that routes changed, without details. The receiver reads all routes again. */
  void routesChanged();

  /**
   * Reports that addresses changed, without details. The receiver reads interfaces and routes
   * again.
   */
  void addressesChanged();

  /** Reports that the kernel dropped notifications. The receiver reads everything again. */
  void missed();
}
