// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The networks of a topology: sets of ends that are connected directly or by switches. */
final class Segments {

  /** An end that is not on a switch. */
  record Port(int link, boolean first, LinkEnd end) {}

  private final List<List<Port>> all = new ArrayList<>();

  /** Determines the networks. Ends on unknown nodes are left out. */
  Segments(List<Node> nodes, List<Link> links) {
    Map<String, Node> known = new HashMap<>();
    nodes.forEach(node -> known.put(node.name(), node));
    Map<String, String> joined = new HashMap<>();
    for (Link link : links) {
      if (isSwitch(known, link.a()) && isSwitch(known, link.b())) {
        joined.put(root(joined, link.a().node()), root(joined, link.b().node()));
      }
    }
    Map<String, List<Port>> ports = new LinkedHashMap<>();
    for (int i = 0; i < links.size(); i++) {
      for (boolean first : new boolean[] {true, false}) {
        LinkEnd end = links.get(i).end(first);
        LinkEnd peer = links.get(i).end(!first);
        if (!known.containsKey(end.node()) || isSwitch(known, end)) {
          continue;
        }
        String key = isSwitch(known, peer) ? root(joined, peer.node()) : "#" + i;
        ports.computeIfAbsent(key, any -> new ArrayList<>()).add(new Port(i, first, end));
      }
    }
    all.addAll(ports.values());
  }

  private static boolean isSwitch(Map<String, Node> known, LinkEnd end) {
    Node node = known.get(end.node());
    return node != null && node.isSwitch();
  }

  /** Returns the node that stands for all that are joined with a node. */
  static String root(Map<String, String> joined, String node) {
    String at = node;
    String next = joined.get(at);
    while (next != null && !next.equals(at)) {
      at = next;
      next = joined.get(at);
    }
    return at;
  }

  /** Returns the networks in the order of their first link. */
  List<List<Port>> all() {
    return all;
  }
}
