// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds switches that are connected in a ring. A broadcast circles in a ring without end, unless
 * the switches run the spanning tree protocol.
 */
final class SwitchRings {

  /**
   * Switches of which each is on a ring with others of them.
   *
   * @param switches in the order of the topology
   * @param link the last link of their rings
   */
  record Ring(List<Node> switches, int link) {}

  /** A link that leads from a switch to another. */
  private record Step(int link, String to) {}

  private final Map<String, List<Step>> steps = new HashMap<>();

  /** The switch from which a search first reached a switch. */
  private final Map<String, String> parents = new HashMap<>();

  private final Map<String, Integer> depths = new HashMap<>();

  /** For a switch on a ring, one of the same ring that is nearer to the start of the search. */
  private final Map<String, String> tops = new HashMap<>();

  /** Links between switches that the search connects without them. */
  private final Set<Integer> closing = new HashSet<>();

  private SwitchRings() {}

  static List<Ring> of(List<Node> nodes, List<Link> links) {
    Map<String, Node> switches = new LinkedHashMap<>();
    nodes.stream().filter(Node::isSwitch).forEach(node -> switches.put(node.name(), node));
    SwitchRings rings = new SwitchRings();
    for (int i = 0; i < links.size(); i++) {
      String a = links.get(i).a().node();
      String b = links.get(i).b().node();
      if (switches.containsKey(a) && switches.containsKey(b) && !a.equals(b)) {
        rings.step(i, a, b);
        rings.step(i, b, a);
      }
    }
    switches.keySet().forEach(rings::search);
    for (int i = 0; i < links.size(); i++) {
      if (rings.closing.contains(i)) {
        rings.join(links.get(i).a().node(), links.get(i).b().node());
      }
    }
    return rings.found(switches, links);
  }

  private void step(int link, String from, String to) {
    steps.computeIfAbsent(from, any -> new ArrayList<>()).add(new Step(link, to));
  }

  /** Searches breadth first and notes the links that lead to a switch reached before. */
  private void search(String start) {
    if (depths.putIfAbsent(start, 0) != null) {
      return;
    }
    Set<Integer> used = new HashSet<>();
    ArrayDeque<String> queue = new ArrayDeque<>(List.of(start));
    while (!queue.isEmpty()) {
      String at = queue.remove();
      for (Step step : steps.getOrDefault(at, List.of())) {
        if (!used.add(step.link())) {
          continue;
        }
        if (depths.putIfAbsent(step.to(), depth(at) + 1) == null) {
          parents.put(step.to(), at);
          queue.add(step.to());
        } else {
          closing.add(step.link());
        }
      }
    }
  }

  private int depth(String node) {
    return Objects.requireNonNull(depths.get(node));
  }

  /** Joins the switches on the ring that a link closes. */
  private void join(String a, String b) {
    String one = top(a);
    String other = top(b);
    while (!one.equals(other)) {
      boolean lower = depth(one) >= depth(other);
      String deeper = lower ? one : other;
      String up = top(Objects.requireNonNull(parents.get(deeper)));
      tops.put(deeper, up);
      one = lower ? up : one;
      other = lower ? other : up;
    }
  }

  private String top(String node) {
    String top = node;
    for (String next = tops.get(top); next != null; next = tops.get(top)) {
      top = next;
    }
    String at = node;
    while (!at.equals(top)) { // shortens the way for the next time
      at = Objects.requireNonNull(tops.put(at, top));
    }
    return top;
  }

  private List<Ring> found(Map<String, Node> switches, List<Link> links) {
    Map<String, Integer> last = new LinkedHashMap<>();
    for (int i = 0; i < links.size(); i++) {
      String a = links.get(i).a().node();
      String b = links.get(i).b().node();
      if (steps.containsKey(a) && steps.containsKey(b) && top(a).equals(top(b)) && !a.equals(b)) {
        last.put(top(a), i);
      }
    }
    Map<String, List<Node>> members = new HashMap<>();
    for (Node node : switches.values()) {
      members.computeIfAbsent(top(node.name()), any -> new ArrayList<>()).add(node);
    }
    List<Ring> rings = new ArrayList<>();
    last.forEach((top, link) -> rings.add(new Ring(members.getOrDefault(top, List.of()), link)));
    return rings;
  }
}
