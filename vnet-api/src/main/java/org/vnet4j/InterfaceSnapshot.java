// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.Shaping;

/**
 * What an interface was before it moved, with all that a move takes from it.
 *
 * @param iface the interface
 * @param stack where it was
 * @param info what it was
 * @param shaping how it was shaped
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

  /** Brings the interface back as it was. */
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

  /** The kernel makes link-local addresses anew, and routes to them. */
  private static boolean comesByItself(Cidr address) {
    return address.isIpv6()
        && (address.address().isLinkLocalAddress() || address.address().isMulticastAddress());
  }
}
