// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

/**
 * Computes static routes for a whole topology: shortest paths over routers. The same topology
 * always has the same routes. Each node is computed for itself, so that no more than one table is
 * in memory, and hosts on the same networks share their routes.
 */
final class Routing {

  /** The ends of one network on one segment. */
  private record Lan(int segment, Cidr network) {}

  /** A router, by its place in the topology, and the address by which it is reached. */
  private record Hop(int router, InetAddress gateway) {}

  private final Topology topology;
  private final boolean ipv6;

  /** The networks of each node. */
  private final List<Set<Lan>> lans = new ArrayList<>();

  /** The routers on each network. */
  private final Map<Lan, List<Hop>> routers = new HashMap<>();

  /** The routes of hosts, by the networks they are on. */
  private final Map<Set<Lan>, List<Route>> hosts = new HashMap<>();

  private Routing(Topology topology, boolean ipv6) {
    this.topology = topology;
    this.ipv6 = ipv6;
    Map<String, Integer> order = new HashMap<>();
    for (Node node : topology.nodes()) {
      order.put(node.name(), order.size());
      lans.add(new LinkedHashSet<>());
    }
    List<List<Segments.Port>> segments = new Segments(topology.nodes(), topology.links()).all();
    for (int i = 0; i < segments.size(); i++) {
      for (Segments.Port port : segments.get(i)) {
        int node = Objects.requireNonNull(order.get(port.end().node()));
        for (Cidr address : port.end().addresses(ipv6)) {
          Lan lan = new Lan(i, address.network());
          lans.get(node).add(lan);
          if (topology.nodes().get(node).isRouter()) {
            routers
                .computeIfAbsent(lan, any -> new ArrayList<>())
                .add(new Hop(node, address.address()));
          }
        }
      }
    }
  }

  static List<Node> routed(Topology topology) {
    Routing ipv4 = new Routing(topology, false);
    Routing ipv6 = new Routing(topology, true);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < topology.nodes().size(); i++) {
      nodes.add(topology.nodes().get(i).with(ipv4.routes(i)).with(ipv6.routes(i)));
    }
    return nodes;
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

  /** Returns the routes of a node that it does not have already. */
  private List<Route> routes(int node) {
    Node itself = topology.nodes().get(node);
    Set<Cidr> there = itself.routes().stream().map(Route::destination).collect(Collectors.toSet());
    if (!itself.isRouter() && there.contains(Cidr.parse(ipv6 ? "::/0" : "0.0.0.0/0"))) {
      return List.of();
    }
    List<Route> all =
        itself.isRouter()
            ? routesOfRouter(node)
            : hosts.computeIfAbsent(lans.get(node), same -> routesOfHost(node));
    return all.stream().filter(route -> !there.contains(route.destination())).toList();
  }

  private List<Route> routesOfRouter(int node) {
    return aggregated(node, table(node, Integer.MAX_VALUE));
  }

  private List<Route> routesOfHost(int node) {
    boolean oneWay = hops(node).stream().map(Hop::gateway).distinct().count() == 1;
    Map<Cidr, InetAddress> table = table(node, oneWay ? 1 : Integer.MAX_VALUE);
    if (table.isEmpty()) {
      return List.of();
    }
    InetAddress usual = usual(node, table);
    table.values().removeIf(usual::equals);
    List<Route> routes = new ArrayList<>();
    routes.add(Route.via(Cidr.parse(ipv6 ? "::/0" : "0.0.0.0/0"), usual));
    routes.addAll(aggregated(node, table));
    return routes;
  }

  private List<Route> aggregated(int node, Map<Cidr, InetAddress> table) {
    List<Route> routes = new ArrayList<>();
    new Aggregation(table, own(node))
        .routes()
        .forEach((network, gateway) -> routes.add(Route.via(network, gateway)));
    return routes;
  }

  private Set<Cidr> own(int node) {
    return lans.get(node).stream().map(Lan::network).collect(Collectors.toSet());
  }

  /** Returns the neighbouring routers of a node, in the order of the topology's nodes. */
  private List<Hop> hops(int node) {
    return lans.get(node).stream()
        .flatMap(lan -> routers.getOrDefault(lan, List.of()).stream())
        .filter(hop -> hop.router() != node)
        .sorted(Comparator.comparingInt(Hop::router))
        .toList();
  }

  /**
   * Determines the next hop of a node to every network that it is not on, by a breadth-first search
   * over the routers. The search reaches each router first by the next hop that comes first in the
   * topology among the shortest paths.
   *
   * @param most the size at which the table suffices
   */
  private Map<Cidr, InetAddress> table(int node, int most) {
    Set<Cidr> own = own(node);
    Map<Cidr, InetAddress> table = new LinkedHashMap<>();
    Set<Integer> reached = new HashSet<>(Set.of(node));
    Set<Lan> searched = new HashSet<>(lans.get(node));
    ArrayDeque<Hop> queue = new ArrayDeque<>();
    hops(node).stream().filter(hop -> reached.add(hop.router())).forEach(queue::add);
    while (!queue.isEmpty()) {
      Hop at = queue.remove();
      for (Lan lan : lans.get(at.router())) {
        if (!own.contains(lan.network())) {
          table.putIfAbsent(lan.network(), at.gateway());
        }
        if (table.size() == most) {
          return table;
        }
        if (searched.add(lan)) {
          routers.getOrDefault(lan, List.of()).stream()
              .filter(next -> reached.add(next.router()))
              .forEach(next -> queue.add(new Hop(next.router(), at.gateway())));
        }
      }
    }
    return table;
  }

  /** Returns the gateway that leads to most networks; of several the first in the order of hops. */
  private InetAddress usual(int node, Map<Cidr, InetAddress> table) {
    Map<InetAddress, Long> count =
        table.values().stream().collect(Collectors.groupingBy(g -> g, Collectors.counting()));
    InetAddress best = null;
    for (Hop hop : hops(node)) {
      long mine = count.getOrDefault(hop.gateway(), 0L);
      if (best == null || mine > count.getOrDefault(best, 0L)) {
        best = hop.gateway();
      }
    }
    return Objects.requireNonNull(best);
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
