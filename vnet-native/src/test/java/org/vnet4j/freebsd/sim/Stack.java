// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network stack: the host's, or a jail's own. */
final class Stack {
  final SimKernel kernel;
  final String name;
  final List<Iface> interfaces = new ArrayList<>();
  final RouteTable routes = new RouteTable();
  final List<Descriptor.RouteSocket> routeSockets = new ArrayList<>();
  final List<Descriptor.RawSocket> rawSockets = new ArrayList<>();
  final List<Ip.Filter> filters = new ArrayList<>();
  final Map<String, Integer> variables = new HashMap<>();
  final Dummynet dummynet = new Dummynet(this);
  @Nullable Ipfw ipfw;
  @Nullable Station station;
  Station.@Nullable Picture lastTold;
  boolean alive = true;

  Stack(SimKernel kernel, String name) {
    this.kernel = kernel;
    this.name = name;
    variables.put(SimKernel.FORWARD4, 0);
    variables.put(SimKernel.FORWARD6, 0);
    variables.put(Links.BRIDGE_IPFW, 0);
  }

  @Nullable Iface find(String interfaceName) {
    for (Iface iface : interfaces) {
      if (iface.name.equals(interfaceName)) {
        return iface;
      }
    }
    return null;
  }

  Iface get(String interfaceName) {
    Iface iface = find(interfaceName);
    if (iface == null) {
      throw new SysError("ENXIO");
    }
    return iface;
  }

  @Nullable Iface byIndex(int index) {
    return interfaces.stream().filter(i -> i.index == index).findFirst().orElse(null);
  }

  /** Tells every route socket of this stack. */
  void tell(byte[] message) {
    for (Descriptor.RouteSocket socket : List.copyOf(routeSockets)) {
      socket.receive(message);
    }
  }
}
