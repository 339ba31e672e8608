// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.Shaping;

/**
 * The stacks of a topology and the epairs between them, as wanted or as they exist. Both have the
 * same form, so they can be compared, and either can be the target of a plan.
 */
record NetworkState(Map<String, Stack> stacks, Set<NodeEpair> cables) {
  static final NetworkState NOTHING = new NetworkState(Map.of(), Set.of());

  /** An interface that is one end of an epair. */
  record Port(
      NodeEpair cable, Set<Cidr> addresses, int mtu, Shaping shaping, boolean up, boolean member) {
    @Override
    public String toString() {
      return addresses.stream().map(a -> " " + a).collect(Collectors.joining())
          + (shaping.isNone() ? "" : " (" + shaping + ")");
    }
  }

  /**
   * A node: its ports by interface name, and its routes that have a gateway. A switch without ports
   * runs no spanning tree protocol.
   */
  record Stack(
      String name,
      boolean isSwitch,
      boolean stp,
      boolean up,
      boolean forwarding,
      Map<String, Port> ports,
      Set<Route> routes) {

    @Override
    public String toString() {
      return (isSwitch ? NodeKind.SWITCH : forwarding ? NodeKind.ROUTER : NodeKind.HOST)
          + " "
          + name
          + (stp ? " stp" : "");
    }
  }

  Port port(String node, String iface) {
    Stack stack = stacks.get(node);
    Port port = stack == null ? null : stack.ports().get(iface);
    if (port == null) {
      throw new AssertionError("no port " + node + ":" + iface);
    }
    return port;
  }

  /** Returns the wanted state of a topology. */
  static NetworkState of(Topology topology) {
    Map<String, Map<String, Port>> ports = new LinkedHashMap<>();
    Set<NodeEpair> cables = new LinkedHashSet<>();
    for (Link link : topology.links()) {
      NodeEpair cable = NodeEpair.of(link);
      cables.add(cable);
      for (LinkEnd end : List.of(link.a(), link.b())) {
        boolean member = topology.get(end.node()).isSwitch();
        Set<Cidr> addresses = new LinkedHashSet<>(end.addresses());
        ports
            .computeIfAbsent(end.node(), any -> new LinkedHashMap<>())
            .put(end.iface(), new Port(cable, addresses, link.mtu(), end.shaping(), true, member));
      }
    }
    Map<String, Stack> stacks = new LinkedHashMap<>();
    for (Node node : topology.nodes()) {
      Map<String, Port> own = ports.getOrDefault(node.name(), Map.of());
      Set<Route> routes = new LinkedHashSet<>(node.routes());
      boolean stp = node.stp() && !own.isEmpty();
      stacks.put(
          node.name(),
          new Stack(node.name(), node.isSwitch(), stp, true, node.isRouter(), own, routes));
    }
    return new NetworkState(stacks, cables);
  }

  /**
   * Reads the present state of the nodes. An epair counts only if both ends are on the nodes and
   * have the names that its description gives.
   */
  static NetworkState of(Collection<Jail> nodes, boolean shapes) {
    Map<String, Stack> read = new ConcurrentHashMap<>();
    Workers.all(
        Workers.forChanges(),
        nodes,
        jail -> read.put(TopologyJails.node(jail), read(jail, shapes)));
    Map<String, Stack> stacks = new TreeMap<>(read);
    Set<NodeEpair> cables = new LinkedHashSet<>();
    for (Stack stack : stacks.values()) {
      for (Port port : stack.ports().values()) {
        NodeEpair cable = port.cable();
        if (isThere(stacks, cable, true) && isThere(stacks, cable, false)) {
          cables.add(cable);
        }
      }
    }
    return new NetworkState(stacks, cables);
  }

  private static boolean isThere(Map<String, Stack> stacks, NodeEpair cable, boolean first) {
    Stack stack = stacks.get(cable.node(first));
    Port port = stack == null ? null : stack.ports().get(cable.iface(first));
    return port != null && port.cable().equals(cable);
  }

  private static Stack read(Jail jail, boolean shapes) {
    Map<String, Port> ports = new LinkedHashMap<>();
    boolean isSwitch = false;
    boolean up = true;
    for (InterfaceInfo info : jail.ifconfig()) {
      if (info.name().equals(TopologyJails.BRIDGE) && info.kind() == InterfaceKind.BRIDGE) {
        isSwitch = true;
        up = info.isUp();
      }
      if (info.kind() == InterfaceKind.EPAIR) {
        NodeEpair.parse(info.text())
            .ifPresent(cable -> ports.put(info.name(), port(cable, jail, info, shapes)));
      }
    }
    boolean stp = isSwitch && !ports.isEmpty() && jail.bridge(TopologyJails.BRIDGE).stp();
    return new Stack(
        TopologyJails.node(jail), isSwitch, stp, up, jail.forwarding(), ports, routes(jail));
  }

  private static Port port(NodeEpair cable, Jail jail, InterfaceInfo info, boolean shapes) {
    Set<Cidr> addresses = new LinkedHashSet<>();
    for (Cidr address : info.addresses()) {
      if (!address.isIpv6() || !address.address().isLinkLocalAddress()) {
        addresses.add(address);
      }
    }
    Shaping shaping = shapes ? jail.iface(info.name()).shaping() : Shaping.NONE;
    return new Port(cable, addresses, info.mtu(), shaping, info.isUp(), info.bridge().isPresent());
  }

  /**
   * Reads the routes that have a gateway, and omits the interface that the kernel chose for each.
   */
  static Set<Route> routes(Jail jail) {
    return jail.routes().list().stream()
        .filter(route -> route.gateway().isPresent())
        .map(route -> new Route(route.destination(), route.gateway(), Optional.empty()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
