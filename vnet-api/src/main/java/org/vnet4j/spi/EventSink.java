// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import org.jspecify.annotations.Nullable;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;

/** Takes what a kernel tells of one stack. Telling what was known already does no harm. */
public interface EventSink {

  /**
   * Returns the name of an interface, as far as it was told.
   *
   * @param index the interface's number
   * @return its name, or null
   */
  @Nullable String name(int index);

  /**
   * Returns whether an interface is up, as far as it was told.
   *
   * @param index the interface's number
   * @return true for up
   */
  boolean isUp(int index);

  /**
   * Tells of an interface that is there.
   *
   * @param index its number
   * @param name its name, or null if it is that which was told before
   * @param up whether it is up
   */
  void link(int index, @Nullable String name, boolean up);

  /**
   * Tells of an interface that is there no more.
   *
   * @param index its number
   */
  void gone(int index);

  /**
   * Tells of an address.
   *
   * @param index the interface's number
   * @param address with its prefix length
   * @param there whether the interface has it
   */
  void address(int index, Cidr address, boolean there);

  /**
   * Tells of a route.
   *
   * @param route the route
   * @param there whether the main table has it
   */
  void route(Route route, boolean there);

  /** Tells that routes changed, and not which: they are read afresh. */
  void routesChanged();

  /** Tells that addresses changed, and not which: interfaces and routes are read afresh. */
  void addressesChanged();

  /** Tells that the kernel lost some of what it had to tell: all is read afresh. */
  void missed();
}
