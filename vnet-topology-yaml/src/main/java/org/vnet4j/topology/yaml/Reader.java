// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.Shaping;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.LinkEnd;
import org.vnet4j.topology.NodeKind;
import org.vnet4j.topology.Topology;

/** Turns the nodes of a YAML document into a topology, and remembers where each thing stood. */
final class Reader {
  private final List<TopologyFile.Problem> problems = new ArrayList<>();
  private final Map<String, Node> places = new HashMap<>();
  private final List<org.vnet4j.topology.Node> nodes = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();

  /** Returns the problems in the order of the file. */
  List<TopologyFile.Problem> problems() {
    problems.sort(
        Comparator.comparingInt(TopologyFile.Problem::line)
            .thenComparingInt(TopologyFile.Problem::column));
    return problems;
  }

  Optional<Topology> topology(Node root) {
    Map<String, Node> top =
        mapping(root, "a topology", Set.of("name", "nodes", "links", "addresses", "routed"));
    places.put("", root);
    String name = top.containsKey("name") ? scalar(top.get("name"), "name") : "";
    if (!top.containsKey("name")) {
      wrong(root, "a topology has a name");
    }
    places.put("name", top.getOrDefault("name", root));
    places.put("nodes", top.getOrDefault("nodes", root));
    nodes(top.get("nodes"));
    links(top.get("links"));
    List<Node> prefixes = list(top.get("addresses"));
    boolean routed = bool(top.get("routed"));
    Topology[] built = new Topology[1];
    try {
      built[0] = new Topology(name, nodes, links);
    } catch (Topology.InvalidException e) {
      for (org.vnet4j.topology.Problem problem : e.problems()) {
        boolean told = problem.where().equals("name") && name.isEmpty();
        if (!told) {
          wrong(place(problem.where()), problem.message());
        }
      }
      return Optional.empty();
    }
    for (Node prefix : prefixes) {
      String text = scalar(prefix, "prefix");
      attempt(prefix, () -> built[0] = built[0].addressed(text));
    }
    return problems.isEmpty()
        ? Optional.of(routed ? built[0].routed() : built[0])
        : Optional.empty();
  }

  private void nodes(@Nullable Node node) {
    for (Map.Entry<String, Node> entry : mapping(node, "nodes", null).entrySet()) {
      String name = entry.getKey();
      Node value = entry.getValue();
      places.put("nodes." + name, value);
      if (value instanceof ScalarNode) {
        nodes.add(new org.vnet4j.topology.Node(name, kind(value), List.of()));
        continue;
      }
      Map<String, Node> parts = mapping(value, "a node", Set.of("kind", "gateway", "routes"));
      List<Route> routes = new ArrayList<>();
      Node gateway = parts.get("gateway");
      if (gateway != null) {
        route(name, routes, gateway, "default", scalar(gateway, "gateway"));
      }
      for (Node route : list(parts.get("routes"))) {
        Map<String, Node> ways = mapping(route, "a route", Set.of("to", "via"));
        if (ways.containsKey("to") && ways.containsKey("via")) {
          route(name, routes, route, scalar(ways.get("to"), "to"), scalar(ways.get("via"), "via"));
        } else {
          wrong(route, "a route has \"to\" and \"via\"");
        }
      }
      NodeKind kind = parts.containsKey("kind") ? kind(parts.get("kind")) : NodeKind.HOST;
      nodes.add(new org.vnet4j.topology.Node(name, kind, routes));
    }
  }

  private void route(String node, List<Route> routes, Node at, String to, String via) {
    attempt(
        at,
        () -> {
          boolean ipv6 = via.indexOf(':') >= 0;
          String text = to.equals("default") ? (ipv6 ? "::/0" : "0.0.0.0/0") : to;
          Cidr destination =
              Cidr.parse(text.indexOf('/') >= 0 ? text : text + (ipv6 ? "/128" : "/32"));
          routes.add(new Route(destination, IpLiteral.parse(via), null));
          places.put("nodes." + node + ".routes[" + (routes.size() - 1) + "]", at);
          return true;
        });
  }

  private NodeKind kind(@Nullable Node node) {
    String word = scalar(node, "kind");
    for (NodeKind kind : NodeKind.values()) {
      if (kind.toString().equals(word)) {
        return kind;
      }
    }
    if (node != null) {
      wrong(node, "kind \"" + word + "\" is none of host, router, switch");
    }
    return NodeKind.HOST;
  }

  private void links(@Nullable Node node) {
    for (Node one : list(node)) {
      String where = "links[" + links.size() + "]";
      places.put(where, one);
      if (one instanceof SequenceNode pair && pair.getValue().size() == 2) {
        Node a = pair.getValue().get(0);
        Node b = pair.getValue().get(1);
        links.add(
            new Link(
                end(a, where + ".a", Shaping.NONE),
                end(b, where + ".b", Shaping.NONE),
                Link.DEFAULT_MTU));
        continue;
      }
      Map<String, Node> parts = mapping(one, "a link", Set.of("a", "b", "mtu", "shaping"));
      Node a = parts.get("a");
      Node b = parts.get("b");
      if (a == null || b == null) {
        wrong(one, "a link has two ends, \"a\" and \"b\"");
        continue;
      }
      Node mtu = parts.get("mtu");
      places.put(where + ".mtu", mtu == null ? one : mtu);
      Shaping both = shaping(parts.get("shaping"), Shaping.NONE);
      links.add(new Link(end(a, where + ".a", both), end(b, where + ".b", both), mtu(mtu)));
    }
  }

  private LinkEnd end(Node node, String where, Shaping line) {
    places.put(where, node);
    if (node instanceof ScalarNode) {
      return LinkEnd.of(scalar(node, "end")).shape(line);
    }
    Map<String, Node> parts =
        mapping(node, "an end", Set.of("node", "interface", "addresses", "shaping"));
    if (!parts.containsKey("node")) {
      wrong(node, "an end has a node");
    }
    Shaping shaping = shaping(parts.get("shaping"), line);
    LinkEnd[] end = {LinkEnd.of(scalar(parts.get("node"), "node")).shape(shaping)};
    Node iface = parts.get("interface");
    if (iface != null) {
      places.put(where + ".interface", iface);
      end[0] = end[0].iface(scalar(iface, "interface"));
    }
    for (Node address : list(parts.get("addresses"))) {
      String text = scalar(address, "address");
      places.put(where + ".addresses[" + end[0].addresses().size() + "]", address);
      attempt(address, () -> end[0] = end[0].address(text));
    }
    return end[0];
  }

  /** What is said at an end is instead of what is said for both. */
  private Shaping shaping(@Nullable Node node, Shaping otherwise) {
    if (node == null) {
      return otherwise;
    }
    Map<String, Node> parts = mapping(node, "a shaping", Quantities.KEYS);
    Shaping[] shaping = {Shaping.NONE};
    // In this order a jitter finds its delay, wherever they stand.
    for (String key : Quantities.KEYS) {
      Node value = parts.get(key);
      if (value != null) {
        String text = scalar(value, key);
        if (value instanceof ScalarNode) {
          attempt(value, () -> shaping[0] = Quantities.set(shaping[0], key, text));
        }
      }
    }
    return shaping[0];
  }

  private int mtu(@Nullable Node node) {
    if (node == null) {
      return Link.DEFAULT_MTU;
    }
    String text = scalar(node, "mtu");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      wrong(node, "mtu \"" + text + "\" is no number");
      return Link.DEFAULT_MTU;
    }
  }

  private boolean bool(@Nullable Node node) {
    String text = node == null ? "false" : scalar(node, "routed").toLowerCase(Locale.ROOT);
    if (node != null && !text.equals("true") && !text.equals("false")) {
      wrong(node, "\"" + text + "\" is neither true nor false");
    }
    return text.equals("true");
  }

  // ---- YAML

  private Map<String, Node> mapping(@Nullable Node node, String what, @Nullable Set<String> keys) {
    Map<String, Node> map = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        String key = scalar(tuple.getKeyNode(), "key");
        if (keys != null && !keys.contains(key)) {
          wrong(tuple.getKeyNode(), what + " has no \"" + key + "\", only " + sorted(keys));
        } else if (map.putIfAbsent(key, tuple.getValueNode()) != null) {
          wrong(tuple.getKeyNode(), "\"" + key + "\" is there twice");
        }
      }
    } else if (node != null) {
      wrong(node, what + ": names with values are expected here");
    }
    return map;
  }

  private static List<String> sorted(Set<String> keys) {
    return keys.stream().sorted().toList();
  }

  /** A list, or one value for a list of one. */
  private static List<Node> list(@Nullable Node node) {
    return node == null
        ? List.of()
        : node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
  }

  private String scalar(@Nullable Node node, String what) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    if (node != null) {
      wrong(node, what + ": one value is expected here");
    }
    return "";
  }

  private void attempt(Node at, Supplier<Object> work) {
    try {
      work.get();
    } catch (IllegalArgumentException e) {
      wrong(at, String.valueOf(e.getMessage()));
    }
  }

  private void wrong(Node at, String message) {
    int line = at.getStartMark().map(Mark::getLine).orElse(0) + 1;
    int column = at.getStartMark().map(Mark::getColumn).orElse(0) + 1;
    problems.add(new TopologyFile.Problem(line, column, message));
  }

  /** Finds where something stood, or what it was in. */
  private Node place(String where) {
    String path = where;
    while (!places.containsKey(path) && !path.isEmpty()) {
      path = path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }
    Node node = places.get(path);
    if (node == null) {
      throw new AssertionError("the place of " + where);
    }
    return node;
  }
}
