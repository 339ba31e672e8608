// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.ipfw.Dummynet;
import org.vnet4j.freebsd.sim.ipfw.SimIpfw;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Ip;
import org.vnet4j.freebsd.sim.net.Links;
import org.vnet4j.freebsd.sim.net.RouteTable;
import org.vnet4j.freebsd.sim.net.Station;

/** A network stack (vnet): the host's, or a jail's own. */
public final class Stack {
  public final SimKernel kernel;
  public final String name;
  public final List<Iface> interfaces = new ArrayList<>();
  public final RouteTable routes = new RouteTable();
  final List<Descriptor.RouteSocket> routeSockets = new ArrayList<>();
  public final List<Descriptor.RawSocket> rawSockets = new ArrayList<>();
  public final List<Ip.Filter> filters = new ArrayList<>();
  public final Map<String, Integer> variables = new HashMap<>();
  public final Dummynet dummynet = new Dummynet(this);
  @Nullable public SimIpfw ipfw;
  @Nullable public Station station;
  Station.@Nullable Picture lastTold;
  public boolean alive = true;

  Stack(SimKernel kernel, String name) {
    this.kernel = kernel;
    this.name = name;
    variables.put(SimKernel.FORWARD4, 0);
    variables.put(SimKernel.FORWARD6, 0);
    variables.put(Links.BRIDGE_IPFW, 0);
  }

  @Nullable
  public Iface find(String interfaceName) {
    for (Iface iface : interfaces) {
      if (iface.name.equals(interfaceName)) {
        return iface;
      }
    }
    return null;
  }

  public Iface get(String interfaceName) {
    Iface iface = find(interfaceName);
    if (iface == null) {
      throw new SysError("ENXIO");
    }
    return iface;
  }

  @Nullable
  public Iface byIndex(int index) {
    return interfaces.stream().filter(i -> i.index == index).findFirst().orElse(null);
  }

  /** Sends a message to every route socket of this stack. */
  public void tell(byte[] message) {
    for (Descriptor.RouteSocket socket : List.copyOf(routeSockets)) {
      socket.receive(message);
    }
  }
}
