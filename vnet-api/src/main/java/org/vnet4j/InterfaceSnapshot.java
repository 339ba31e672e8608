// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.Shaping;

/**
 * The state of an interface before a move, including all that the move removes.
 *
 * @param iface the interface
 * @param stack the stack that held it
 * @param info its properties
 * @param shaping its shaping
 * @param routes all routes of the stack
 */
record InterfaceSnapshot(
    NetInterface iface,
    NetworkStack stack,
    InterfaceInfo info,
    Shaping shaping,
    List<Route> routes) {

  static InterfaceSnapshot of(NetInterface iface) {
    NetworkStack stack = iface.stack();
    return new InterfaceSnapshot(
        iface, stack, iface.info(), iface.shaping(), List.copyOf(stack.routes().list()));
  }

  /** Moves the interface back and restores its state. */
  void again() {
    iface.vnet(stack);
    List<Cidr> there = iface.addresses();
    info.addresses().stream()
        .filter(address -> !there.contains(address) && !comesByItself(address))
        .forEach(iface::addAddress);
    if (info.isUp()) {
      iface.up();
    }
    if (!shaping.isNone()) {
      iface.shape(shaping);
    }
    List<Route> missing = new ArrayList<>(routes);
    missing.removeAll(stack.routes().list());
    missing.stream()
        .filter(route -> !comesByItself(route.destination()))
        .forEach(stack.routes()::add);
  }

  /**
   * Returns whether the kernel itself restores the address: link-local addresses and their routes.
   */
  private static boolean comesByItself(Cidr address) {
    return address.isIpv6()
        && (address.address().isLinkLocalAddress() || address.address().isMulticastAddress());
  }
}
