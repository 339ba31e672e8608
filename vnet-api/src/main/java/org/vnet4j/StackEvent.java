// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.vnet4j.net.Cidr;

/** A change in a network stack. See {@link NetworkStack#events()}. */
public sealed interface StackEvent {

  /**
   * An interface was created in this stack, or moved into it.
   *
   * @param name its name
   */
  record Appeared(String name) implements StackEvent {}

  /**
   * An interface was destroyed, or moved to another stack.
   *
   * @param name its last name in this stack
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
   * An interface was renamed. If the kernel reports this in two steps, the events are {@link
   * Vanished} and {@link Appeared} instead.
   *
   * @param from its old name
   * @param to its new name
   */
  record Renamed(String from, String to) implements StackEvent {}

  /**
   * An address was added to an interface.
   *
   * @param name its name
   * @param address the address with its prefix length
   */
  record AddressAdded(String name, Cidr address) implements StackEvent {}

  /**
   * An address was removed from an interface.
   *
   * @param name its name
   * @param address the address with its prefix length
   */
  record AddressRemoved(String name, Cidr address) implements StackEvent {}

  /**
   * A route was added to the main table.
   *
   * @param route the route
   */
  record RouteAdded(Route route) implements StackEvent {}

  /**
   * A route was removed from the main table.
   *
   * @param route the route
   */
  record RouteRemoved(Route route) implements StackEvent {}

  /**
   * The kernel's buffer overflowed, and the kernel dropped notifications. The following events are
   * the differences between the last reported state and the current state. Changes that were undone
   * in between are not reported.
   */
  record Missed() implements StackEvent {}
}
