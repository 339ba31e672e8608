// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/**
 * Computes static routes for a whole topology: shortest paths over routers. The same topology
 * always has the same routes.
 */
final class Routing {

  /** A neighbouring router of a node, and the router's address on the network they share. */
  private record Hop(Node router, InetAddress gateway) {}

  private final Topology topology;
  private final boolean ipv6;

  /** The neighbouring routers of each node, in the order of the topology's nodes. */
  private final Map<Node, List<Hop>> hops = new LinkedHashMap<>();

  /** The nodes that can use each router as a next hop. */
  private final Map<Node, List<Node>> users = new HashMap<>();

  /** The nodes on each network. */
  private final Map<Cidr, List<Node>> networks = new LinkedHashMap<>();

  private Routing(Topology topology, boolean ipv6) {
    this.topology = topology;
    this.ipv6 = ipv6;
    Map<Node, Integer> order = new HashMap<>();
    topology.nodes().forEach(node -> order.put(node, order.size()));
    for (List<Segments.Port> ports : new Segments(topology.nodes(), topology.links()).all()) {
      for (Segments.Port port : ports) {
        for (Cidr address : port.end().addresses(ipv6)) {
          Node node = topology.get(port.end().node());
          networks.computeIfAbsent(address.network(), any -> new ArrayList<>()).add(node);
          if (node.isRouter()) {
            nextTo(ports, node, address);
          }
        }
      }
    }
    hops.values().forEach(list -> list.sort(Comparator.comparing(hop -> order.get(hop.router()))));
  }

  private void nextTo(List<Segments.Port> ports, Node router, Cidr address) {
    for (Segments.Port port : ports) {
      Node node = topology.get(port.end().node());
      boolean shares =
          port.end().addresses(ipv6).stream()
              .anyMatch(own -> own.network().equals(address.network()));
      if (shares && !node.equals(router)) {
        hops.computeIfAbsent(node, any -> new ArrayList<>())
            .add(new Hop(router, address.address()));
        users.computeIfAbsent(router, any -> new ArrayList<>()).add(node);
      }
    }
  }

  static List<Node> routed(Topology topology) {
    Map<Node, List<Route>> ipv4 = new Routing(topology, false).routes();
    Map<Node, List<Route>> ipv6 = new Routing(topology, true).routes();
    return topology.nodes().stream()
        .map(node -> node.with(ipv4.getOrDefault(node, List.of())))
        .map(node -> node.with(ipv6.getOrDefault(topology.get(node.name()), List.of())))
        .toList();
  }

  static Route route(String destination, String gateway) {
    InetAddress via = IpLiteral.parse(gateway);
    boolean isIpv6 = via.getAddress().length == 16;
    String text = destination.equals("default") ? (isIpv6 ? "::/0" : "0.0.0.0/0") : destination;
    if (text.indexOf('/') < 0) {
      text += isIpv6 ? "/128" : "/32";
    }
    return Route.via(Cidr.parse(text), via);
  }

  private Map<Node, List<Route>> routes() {
    Map<Node, Map<Cidr, InetAddress>> tables = new LinkedHashMap<>();
    networks.forEach((network, on) -> towards(network, on, tables));
    Map<Node, List<Route>> routes = new LinkedHashMap<>();
    tables.forEach((node, table) -> routes.put(node, routes(node, table)));
    return routes;
  }

  /**
   * Determines the next hop of every node to one network, by a breadth-first search from the nodes
   * on the network.
   */
  private void towards(Cidr network, List<Node> on, Map<Node, Map<Cidr, InetAddress>> tables) {
    Map<Node, Integer> distance = new HashMap<>();
    on.forEach(node -> distance.put(node, 0));
    ArrayDeque<Node> queue = new ArrayDeque<>(on);
    while (!queue.isEmpty()) {
      Node router = queue.remove();
      int further = distance.get(router) + 1;
      for (Node node : users.getOrDefault(router, List.of())) {
        if (distance.putIfAbsent(node, further) == null) {
          queue.add(node);
        }
      }
    }
    for (Node node : distance.keySet()) {
      int nearer = distance.get(node) - 1;
      for (Hop hop : nearer < 0 ? List.<Hop>of() : hops.getOrDefault(node, List.of())) {
        if (distance.getOrDefault(hop.router(), -1) == nearer) {
          tables.computeIfAbsent(node, any -> new HashMap<>()).put(network, hop.gateway());
          break;
        }
      }
    }
  }

  private List<Route> routes(Node node, Map<Cidr, InetAddress> table) {
    Set<Cidr> there = node.routes().stream().map(Route::destination).collect(Collectors.toSet());
    Cidr everything = Cidr.parse(ipv6 ? "::/0" : "0.0.0.0/0");
    Map<Cidr, InetAddress> left = new LinkedHashMap<>(table);
    List<Route> routes = new ArrayList<>();
    if (!node.isRouter()) {
      if (there.contains(everything)) {
        return List.of();
      }
      InetAddress usual = usual(node, table);
      routes.add(Route.via(everything, usual));
      left.values().removeIf(usual::equals);
    }
    Set<Cidr> own =
        networks.entrySet().stream()
            .filter(entry -> entry.getValue().contains(node))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    new Aggregation(left, own)
        .routes()
        .forEach(
            (network, gateway) -> {
              if (!there.contains(network)) {
                routes.add(Route.via(network, gateway));
              }
            });
    return routes;
  }

  /** Returns the gateway that leads to most networks; of several the first in the order of hops. */
  private InetAddress usual(Node node, Map<Cidr, InetAddress> table) {
    Map<InetAddress, Long> count =
        table.values().stream().collect(Collectors.groupingBy(g -> g, Collectors.counting()));
    InetAddress best = null;
    for (Hop hop : hops.getOrDefault(node, List.of())) {
      long mine = count.getOrDefault(hop.gateway(), 0L);
      if (best == null || mine > count.getOrDefault(best, 0L)) {
        best = hop.gateway();
      }
    }
    if (best == null) {
      throw new AssertionError(node + " has routes and no next hop");
    }
    return best;
  }

  /**
   * Joins two halves of a prefix into one route if their gateway is the same. A joined prefix may
   * include the node's own networks.
   */
  private static final class Aggregation {
    private final TreeMap<Cidr, List<InetAddress>> table =
        new TreeMap<>(
            Comparator.comparingInt(Cidr::prefixLength)
                .reversed()
                .thenComparing(
                    cidr -> cidr.address().getAddress(), java.util.Arrays::compareUnsigned));

    /** Creates the table. The node's own networks have an empty list of gateways. */
    Aggregation(Map<Cidr, InetAddress> routes, Set<Cidr> own) {
      routes.forEach((network, gateway) -> table.put(network, List.of(gateway)));
      own.forEach(network -> table.put(network, List.of()));
    }

    Map<Cidr, InetAddress> routes() {
      List<Cidr> done = new ArrayList<>();
      Map<Cidr, InetAddress> routes = new LinkedHashMap<>();
      while (!table.isEmpty()) {
        Map.Entry<Cidr, List<InetAddress>> entry = table.pollFirstEntry();
        Cidr network = entry.getKey();
        Cidr sibling = network.prefixLength() == 0 ? network : sibling(network);
        List<InetAddress> other = table.get(sibling);
        if (other != null && joins(entry.getValue(), other)) {
          Cidr parent = new Cidr(network.address(), network.prefixLength() - 1).network();
          if (parent.prefixLength() > 0 && !table.containsKey(parent)) {
            table.remove(sibling);
            table.put(parent, entry.getValue().isEmpty() ? other : entry.getValue());
            continue;
          }
        }
        done.add(network);
        entry.getValue().forEach(gateway -> routes.put(network, gateway));
      }
      return sorted(routes);
    }

    private static boolean joins(List<InetAddress> one, List<InetAddress> other) {
      return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    private static Cidr sibling(Cidr network) {
      byte[] bytes = network.address().getAddress();
      int bit = network.prefixLength() - 1;
      bytes[bit / 8] ^= (byte) (0x80 >> bit % 8);
      try {
        return new Cidr(InetAddress.getByAddress(bytes), network.prefixLength());
      } catch (java.net.UnknownHostException e) {
        throw new AssertionError("an address of " + bytes.length + " bytes", e);
      }
    }

    private static Map<Cidr, InetAddress> sorted(Map<Cidr, InetAddress> routes) {
      Map<Cidr, InetAddress> sorted = new LinkedHashMap<>();
      routes.entrySet().stream()
          .sorted(
              Map.Entry.comparingByKey(
                  Comparator.comparing(
                      (Cidr cidr) -> cidr.address().getAddress(),
                      java.util.Arrays::compareUnsigned)))
          .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      return sorted;
    }
  }
}
