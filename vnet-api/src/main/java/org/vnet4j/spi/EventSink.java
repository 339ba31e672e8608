// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import org.jspecify.annotations.Nullable;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;

/** Receives what a kernel reports about one stack. Reporting a known fact again has no effect. */
public interface EventSink {

  /**
   * Returns the name of an interface, as far as it was reported.
   *
   * @param index the interface's number
   * @return its name, or null
   */
  @Nullable String name(int index);

  /**
   * Returns whether an interface is up, as far as it was reported.
   *
   * @param index the interface's number
   * @return true for up
   */
  boolean isUp(int index);

  /**
   * Reports an interface that is there.
   *
   * @param index its number
   * @param name its name, or null if it is that which was reported before
   * @param up whether it is up
   */
  void link(int index, @Nullable String name, boolean up);

  /**
   * Reports an interface that no longer exists.
   *
   * @param index its number
   */
  void gone(int index);

  /**
   * Reports an address.
   *
   * @param index the interface's number
   * @param address with its prefix length
   * @param there whether the interface has it
   */
  void address(int index, Cidr address, boolean there);

  /**
   * Reports a route.
   *
   * @param route the route
   * @param there whether the main table has it
   */
  void route(Route route, boolean there);

  /** Reports that routes changed, and not which: they are read afresh. */
  void routesChanged();

  /** Reports that addresses changed, and not which: interfaces and routes are read afresh. */
  void addressesChanged();

  /** Reports that the kernel lost some of what it had to report: all is read afresh. */
  void missed();
}
