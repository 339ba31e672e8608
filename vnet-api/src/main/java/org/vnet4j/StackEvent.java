// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.vnet4j.net.Cidr;

/** Something that happened in a network stack. See {@link NetworkStack#events()}. */
public sealed interface StackEvent {

  /**
   * An interface was made here, or came from another stack.
   *
   * @param name its name
   */
  record Appeared(String name) implements StackEvent {}

  /**
   * An interface was destroyed, or moved to another stack.
   *
   * @param name its last name here
   */
  record Vanished(String name) implements StackEvent {}

  /**
   * An interface was brought up.
   *
   * @param name its name
   */
  record Up(String name) implements StackEvent {}

  /**
   * An interface was brought down.
   *
   * @param name its name
   */
  record Down(String name) implements StackEvent {}

  /**
   * An interface has another name. Where the kernel reports it in two steps, it vanished and
   * appeared instead.
   *
   * @param from its name before
   * @param to its name now
   */
  record Renamed(String from, String to) implements StackEvent {}

  /**
   * An interface got an address.
   *
   * @param name its name
   * @param address with its prefix length
   */
  record AddressAdded(String name, Cidr address) implements StackEvent {}

  /**
   * An interface lost an address.
   *
   * @param name its name
   * @param address with its prefix length
   */
  record AddressRemoved(String name, Cidr address) implements StackEvent {}

  /**
   * The main table has a route more.
   *
   * @param route the route
   */
  record RouteAdded(Route route) implements StackEvent {}

  /**
   * The main table has a route less.
   *
   * @param route the route
   */
  record RouteRemoved(Route route) implements StackEvent {}

  /**
   * The kernel had more to report than its buffer holds, and dropped some. The events that follow
   * are the differences between what was reported before and what is there now; what appeared and
   * vanished meanwhile is never reported.
   */
  record Missed() implements StackEvent {}
}
