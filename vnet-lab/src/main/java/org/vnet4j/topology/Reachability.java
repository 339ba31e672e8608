// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Jail;
import org.vnet4j.net.Cidr;
import org.vnet4j.probe.PingResult;

/**
 * The results of pings between the nodes of a topology.
 *
 * @param nodes the nodes that have addresses
 * @param results for each node that sent pings, the result of each destination node
 */
public record Reachability(List<String> nodes, Map<String, Map<String, PingResult>> results) {
  /** The most nodes that send pings at the same time. */
  static final int ASKERS = 16;

  /** The largest number of nodes that are printed as a table. */
  private static final int TABLE = 16;

  /**
   * A pair of nodes of which the second did not answer the first.
   *
   * @param from the node that sent the ping
   * @param to the destination node
   * @param result the result of the ping
   */
  public record Lost(String from, String to, PingResult result) {
    /**
     * Returns the pair in one line.
     *
     * @return such as {@code web -> db (10.0.0.6): no answer}
     */
    @Override
    public String toString() {
      String why = result.problem().orElse("no answer");
      return from + " -> " + to + " (" + result.destination() + "): " + why;
    }
  }

  /** Copies the collections. */
  public Reachability {
    nodes = List.copyOf(nodes);
    results = Map.copyOf(results);
  }

  /**
   * Pings each node from every other over each version of IP that both have. The result of a pair
   * is the first that was not answered; if all were answered, that of IPv4.
   */
  static Reachability measure(Topology topology, Function<String, Jail> jails, Duration timeout) {
    List<String> all = topology.nodes().stream().map(Node::name).toList();
    return measure(topology, jails, timeout, all);
  }

  /** Returns the results of several groups of senders. */
  static Reachability joined(List<Reachability> parts) {
    Map<String, Map<String, PingResult>> results = new LinkedHashMap<>();
    parts.forEach(part -> results.putAll(part.results()));
    return new Reachability(parts.isEmpty() ? List.of() : parts.get(0).nodes(), results);
  }

  /** As {@link #measure(Topology, Function, Duration)}, with some nodes as senders. */
  static Reachability measure(
      Topology topology,
      Function<String, Jail> jails,
      Duration timeout,
      Collection<String> senders) {
    Map<String, List<Cidr>> addresses = new LinkedHashMap<>();
    topology.nodes().forEach(node -> addresses.put(node.name(), new ArrayList<>()));
    for (Link link : topology.links()) {
      addresses.get(link.a().node()).addAll(link.a().addresses());
      addresses.get(link.b().node()).addAll(link.b().addresses());
    }
    addresses.values().removeIf(List::isEmpty);
    List<String> asking = senders.stream().filter(addresses::containsKey).toList();
    Map<String, Map<String, PingResult>> answers = new ConcurrentHashMap<>();
    Workers.all(
        ASKERS,
        asking,
        node -> {
          Map<String, InetAddress> ipv4 = asked(node, addresses, false);
          Map<String, InetAddress> ipv6 = asked(node, addresses, true);
          answers.put(node, ask(jails.apply(node), timeout, addresses.keySet(), ipv4, ipv6));
        });
    Map<String, Map<String, PingResult>> results = new LinkedHashMap<>();
    asking.forEach(node -> results.put(node, answers.getOrDefault(node, Map.of())));
    return new Reachability(List.copyOf(addresses.keySet()), results);
  }

  /**
   * Pings nodes over both versions of IP at once.
   *
   * @return a result for each node, in their order: the first that was not answered, or else the
   *     first
   */
  static Map<String, PingResult> ask(
      Jail jail,
      Duration timeout,
      Collection<String> nodes,
      Map<String, InetAddress> ipv4,
      Map<String, InetAddress> ipv6) {
    Set<InetAddress> all = new LinkedHashSet<>(ipv4.values());
    all.addAll(ipv6.values());
    Map<InetAddress, PingResult> answers =
        all.isEmpty() ? new HashMap<>() : jail.pingAll(all).timeout(timeout).run();
    Map<String, PingResult> results = new LinkedHashMap<>();
    for (String node : nodes) {
      PingResult first = answers.get(ipv4.get(node));
      PingResult second = answers.get(ipv6.get(node));
      if (second != null && (first == null || first.isAnswered() && !second.isAnswered())) {
        results.put(node, second);
      } else if (first != null) {
        results.put(node, first);
      }
    }
    return results;
  }

  /** Returns the addresses that a node pings over one version of IP. */
  private static Map<String, InetAddress> asked(
      String node, Map<String, List<Cidr>> addresses, boolean ipv6) {
    Map<String, InetAddress> asked = new LinkedHashMap<>();
    List<Cidr> own = addresses.getOrDefault(node, List.of());
    addresses.forEach(
        (other, theirs) -> {
          if (!other.equals(node)) {
            best(own, theirs, ipv6).ifPresent(best -> asked.put(other, best.address()));
          }
        });
    return asked;
  }

  /**
   * Returns the address to ask over one version of IP: one on a shared network, or else the first.
   * Nodes that have no version in common are asked over that of the other.
   */
  private static Optional<Cidr> best(List<Cidr> own, List<Cidr> theirs, boolean ipv6) {
    List<Cidr> some = theirs.stream().filter(one -> one.isIpv6() == ipv6).toList();
    boolean common =
        theirs.stream().anyMatch(one -> own.stream().anyMatch(o -> o.isIpv6() == one.isIpv6()));
    if (common && own.stream().noneMatch(one -> one.isIpv6() == ipv6)) {
      return Optional.empty();
    }
    return some.stream()
        .filter(address -> own.stream().anyMatch(mine -> mine.contains(address.address())))
        .findFirst()
        .or(() -> some.stream().findFirst());
  }

  /**
   * Returns the result of one pair.
   *
   * @param from the node that sent the ping
   * @param to the destination node
   * @return the result of the ping
   * @throws IllegalArgumentException if there was no ping between the two
   */
  public PingResult result(String from, String to) {
    @Nullable PingResult result = results.getOrDefault(from, Map.of()).get(to);
    if (result == null) {
      throw new IllegalArgumentException("nobody asked whether " + from + " reaches " + to);
    }
    return result;
  }

  /**
   * Returns whether one node reached another.
   *
   * @param from the node that sent the ping
   * @param to the destination node
   * @return true if the destination answered
   * @throws IllegalArgumentException if there was no ping between the two
   */
  public boolean reaches(String from, String to) {
    return result(from, to).isAnswered();
  }

  /**
   * Returns the pairs of which the destination did not answer.
   *
   * @return the pairs in the order of the sending nodes
   */
  public List<Lost> unreachable() {
    List<Lost> lost = new ArrayList<>();
    for (String from : nodes) {
      results
          .getOrDefault(from, Map.of())
          .forEach(
              (to, result) -> {
                if (!result.isAnswered()) {
                  lost.add(new Lost(from, to, result));
                }
              });
    }
    return lost;
  }

  /**
   * Returns whether each node reached every other.
   *
   * @return true if every ping was answered
   */
  public boolean isComplete() {
    return unreachable().isEmpty();
  }

  /**
   * Returns the number of pairs.
   *
   * @return the number of pings with a result
   */
  public int pairs() {
    return results.values().stream().mapToInt(Map::size).sum();
  }

  /**
   * Returns a table of round trips in milliseconds, for up to 16 nodes, then a summary line, then
   * the unreachable pairs.
   *
   * @return several lines without a newline at the end
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (nodes.size() <= TABLE) {
      table(text);
    }
    List<Lost> lost = unreachable();
    text.append(nodes.size()).append(" nodes, ").append(pairs()).append(" pairs: ");
    text.append(lost.isEmpty() ? "all reached" : lost.size() + " not reached");
    lost.forEach(one -> text.append("\n  ").append(one));
    return text.toString();
  }

  private void table(StringBuilder text) {
    int width = nodes.stream().mapToInt(String::length).max().orElse(1);
    String cell = " %" + Math.max(6, width) + "s";
    text.append(" ".repeat(width));
    nodes.forEach(to -> text.append(String.format(cell, to)));
    text.append('\n');
    for (String from : nodes) {
      text.append(String.format("%-" + width + "s", from));
      Map<String, PingResult> row = results.getOrDefault(from, Map.of());
      for (String to : nodes) {
        text.append(String.format(cell, from.equals(to) ? "." : cell(row.get(to))));
      }
      text.append('\n');
    }
  }

  private static String cell(@Nullable PingResult result) {
    if (result == null || !result.isAnswered()) {
      return "lost";
    }
    return String.format(Locale.ROOT, "%.3f", result.min().toNanos() / 1e6);
  }
}
