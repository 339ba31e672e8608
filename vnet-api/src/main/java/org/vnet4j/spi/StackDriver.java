// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.StandardProtocolFamily;

/** The operations on one network stack, by role. */
public interface StackDriver {

  /**
   * Returns the operations on interfaces.
   *
   * @return the same object at every call
   */
  InterfaceDriver interfaces();

  /**
   * Returns the operations on bridges.
   *
   * @return the same object at every call
   */
  BridgeDriver bridges();

  /**
   * Returns the operations on routes.
   *
   * @return the same object at every call
   */
  RouteDriver routes();

  /**
   * Returns the sockets of this stack.
   *
   * @return the same object at every call
   */
  SocketDriver sockets();

  /**
   * Returns the operations on processes.
   *
   * @return the same object at every call
   */
  ProcessDriver processes();

  /**
   * Tells whether the stack forwards packets between its interfaces.
   *
   * @param family {@code INET} or {@code INET6}
   * @return true if it acts as a router
   */
  boolean forwarding(StandardProtocolFamily family);

  /**
   * Lets the stack forward packets between its interfaces, or not.
   *
   * @param family {@code INET} or {@code INET6}
   * @param on true for a router
   */
  void forwarding(StandardProtocolFamily family, boolean on);
}
