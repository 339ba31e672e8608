// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.Shaping;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.LinkEnd;
import org.vnet4j.topology.NodeKind;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topology;

/** Turns the nodes of a YAML document into a topology, and remembers the position of each part. */
final class Reader {
  private static final Set<String> KEYS =
      Set.of("name", "nodes", "links", "addresses", "routed", "machines", "tunnels");

  private final Document document;
  private final MachineReader machines;
  private final Map<String, Node> places = new HashMap<>();
  private final List<org.vnet4j.topology.Node> nodes = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();

  Reader(Document document) {
    this.document = document;
    this.machines = new MachineReader(document);
  }

  /** Reads a topology and spreads it over the machines of the file. */
  Optional<Spread> spread(Node root) {
    return topology(root).flatMap(whole -> machines.spread(whole, root));
  }

  Optional<Topology> topology(Node root) {
    Map<String, Node> top = document.mapping(root, "a topology", KEYS);
    places.put("", root);
    String name = top.containsKey("name") ? document.scalar(top.get("name"), "name") : "";
    if (!top.containsKey("name")) {
      document.wrong(root, "a topology has a name");
    }
    places.put("name", top.getOrDefault("name", root));
    places.put("nodes", top.getOrDefault("nodes", root));
    nodes(top.get("nodes"));
    links(top.get("links"));
    machines.read(top.get("machines"), top.get("tunnels"), nodeNames());
    List<Node> prefixes = Document.list(top.get("addresses"));
    boolean routed = bool(top.get("routed"), "routed");
    Topology[] built = new Topology[1];
    try {
      built[0] = new Topology(name, nodes, links);
      for (Node prefix : prefixes) {
        String text = document.scalar(prefix, "prefix");
        document.attempt(prefix, () -> built[0] = built[0].addressed(text));
      }
    } catch (Topology.InvalidException e) {
      for (org.vnet4j.topology.Problem problem : e.problems()) {
        boolean told = problem.where().equals("name") && name.isEmpty();
        if (!told) {
          document.wrong(place(problem.where()), problem.message());
        }
      }
      return Optional.empty();
    }
    return document.problems().isEmpty()
        ? Optional.of(routed ? built[0].routed() : built[0])
        : Optional.empty();
  }

  private Set<String> nodeNames() {
    Set<String> names = new LinkedHashSet<>();
    nodes.forEach(node -> names.add(node.name()));
    return names;
  }

  private void nodes(@Nullable Node node) {
    for (Map.Entry<String, Node> entry : document.mapping(node, "nodes", null).entrySet()) {
      String name = entry.getKey();
      Node value = entry.getValue();
      places.put("nodes." + name, value);
      if (value instanceof ScalarNode) {
        nodes.add(new org.vnet4j.topology.Node(name, kind(value), List.of()));
        continue;
      }
      Map<String, Node> parts =
          document.mapping(value, "a node", Set.of("kind", "gateway", "routes", "stp"));
      List<Route> routes = new ArrayList<>();
      Node gateway = parts.get("gateway");
      if (gateway != null) {
        route(name, routes, gateway, "default", document.scalar(gateway, "gateway"));
      }
      for (Node route : Document.list(parts.get("routes"))) {
        Map<String, Node> ways = document.mapping(route, "a route", Set.of("to", "via"));
        if (ways.containsKey("to") && ways.containsKey("via")) {
          route(
              name,
              routes,
              route,
              document.scalar(ways.get("to"), "to"),
              document.scalar(ways.get("via"), "via"));
        } else {
          document.wrong(route, "a route has \"to\" and \"via\"");
        }
      }
      NodeKind kind = parts.containsKey("kind") ? kind(parts.get("kind")) : NodeKind.HOST;
      boolean stp = bool(parts.get("stp"), "stp");
      nodes.add(new org.vnet4j.topology.Node(name, kind, routes, stp));
    }
  }

  private void route(String node, List<Route> routes, Node at, String to, String via) {
    document.attempt(
        at,
        () -> {
          boolean ipv6 = via.indexOf(':') >= 0;
          String text = to.equals("default") ? (ipv6 ? "::/0" : "0.0.0.0/0") : to;
          Cidr destination =
              Cidr.parse(text.indexOf('/') >= 0 ? text : text + (ipv6 ? "/128" : "/32"));
          routes.add(Route.via(destination, IpLiteral.parse(via)));
          places.put("nodes." + node + ".routes[" + (routes.size() - 1) + "]", at);
          return true;
        });
  }

  private NodeKind kind(Node node) {
    String word = document.scalar(node, "kind");
    return document.oneOf(node, "kind \"%s\" is", word, NodeKind.values()).orElse(NodeKind.HOST);
  }

  private void links(@Nullable Node node) {
    for (Node one : Document.list(node)) {
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
      Map<String, Node> parts = document.mapping(one, "a link", Set.of("a", "b", "mtu", "shaping"));
      Node a = parts.get("a");
      Node b = parts.get("b");
      if (a == null || b == null) {
        document.wrong(one, "a link has two ends, \"a\" and \"b\"");
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
      return LinkEnd.of(document.scalar(node, "end")).shape(line);
    }
    Map<String, Node> parts =
        document.mapping(node, "an end", Set.of("node", "interface", "addresses", "shaping"));
    if (!parts.containsKey("node")) {
      document.wrong(node, "an end has a node");
    }
    Shaping shaping = shaping(parts.get("shaping"), line);
    LinkEnd[] end = {LinkEnd.of(document.scalar(parts.get("node"), "node")).shape(shaping)};
    Node iface = parts.get("interface");
    if (iface != null) {
      places.put(where + ".interface", iface);
      end[0] = end[0].iface(document.scalar(iface, "interface"));
    }
    for (Node address : Document.list(parts.get("addresses"))) {
      String text = document.scalar(address, "address");
      places.put(where + ".addresses[" + end[0].addresses().size() + "]", address);
      document.attempt(address, () -> end[0] = end[0].address(text));
    }
    return end[0];
  }

  /**
   * Reads a shaping, or returns the other if there is none. The shaping of an end replaces that of
   * the link.
   */
  private Shaping shaping(@Nullable Node node, Shaping otherwise) {
    if (node == null) {
      return otherwise;
    }
    Map<String, Node> parts = document.mapping(node, "a shaping", Quantities.KEYS);
    Shaping[] shaping = {Shaping.NONE};
    // A jitter needs its delay first, whatever their order in the file.
    for (String key : Quantities.KEYS) {
      Node value = parts.get(key);
      if (value != null) {
        String text = document.scalar(value, key);
        if (value instanceof ScalarNode) {
          document.attempt(value, () -> shaping[0] = Quantities.set(shaping[0], key, text));
        }
      }
    }
    return shaping[0];
  }

  private int mtu(@Nullable Node node) {
    if (node == null) {
      return Link.DEFAULT_MTU;
    }
    String text = document.scalar(node, "mtu");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      document.wrong(node, "mtu \"" + text + "\" is no number");
      return Link.DEFAULT_MTU;
    }
  }

  private boolean bool(@Nullable Node node, String what) {
    String text = node == null ? "false" : document.scalar(node, what).toLowerCase(Locale.ROOT);
    if (node != null && !text.equals("true") && !text.equals("false")) {
      document.wrong(node, "\"" + text + "\" is neither true nor false");
    }
    return text.equals("true");
  }

  /** Returns the node of the document at a path, or the nearest node that encloses it. */
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
