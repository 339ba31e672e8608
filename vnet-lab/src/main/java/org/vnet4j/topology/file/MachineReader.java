// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topology;
import org.vnet4j.topology.TunnelKind;

/** Reads the machine of each node, and the tunnels of links between machines. */
final class MachineReader {
  private final Document document;
  private final List<Machine> machines = new ArrayList<>();

  /** The machine of each node. */
  private final Map<String, String> places = new LinkedHashMap<>();

  private TunnelKind kind = TunnelKind.VXLAN;

  private record Machine(String name, Node at, String address, List<String> nodes) {}

  MachineReader(Document document) {
    this.document = document;
  }

  /** Reads the machines and the tunnels of a file. A file without machines is no problem. */
  void read(@Nullable Node all, @Nullable Node tunnels, Set<String> nodes) {
    for (Map.Entry<String, Node> entry : document.mapping(all, "machines", null).entrySet()) {
      machines.add(machine(entry.getKey(), entry.getValue(), nodes));
    }
    if (tunnels != null) {
      String word = document.scalar(tunnels, "tunnels");
      kind = document.oneOf(tunnels, "tunnels \"%s\" are", word, TunnelKind.values()).orElse(kind);
      if (all == null) {
        document.wrong(tunnels, "there are no machines that tunnels could join");
      }
    }
    List<String> nowhere = new ArrayList<>(nodes);
    nowhere.removeAll(places.keySet());
    if (all != null && !nowhere.isEmpty()) {
      document.wrong(all, "on no machine: " + String.join(", ", nowhere));
    }
  }

  private Machine machine(String name, Node at, Set<String> known) {
    Map<String, Node> parts = document.mapping(at, "a machine", Set.of("address", "nodes"));
    Node address = parts.get("address");
    String text = document.scalar(address, "address");
    if (address == null) {
      document.wrong(at, "machine " + name + " has no address in the network below");
    } else {
      document.attempt(address, () -> IpLiteral.parse(text));
    }
    List<String> nodes = new ArrayList<>();
    for (Node one : Document.list(parts.get("nodes"))) {
      String node = document.scalar(one, "node");
      String other = places.putIfAbsent(node, name);
      if (!known.contains(node)) {
        document.wrong(one, "there is no node " + node);
      } else if (other != null) {
        document.wrong(one, "node " + node + " is on machine " + other + " already");
      } else {
        nodes.add(node);
      }
    }
    if (parts.get("nodes") == null) {
      document.wrong(at, "machine " + name + " has no nodes");
    }
    return new Machine(name, at, text, nodes);
  }

  /**
   * Spreads a topology over the machines. If the file has no other problem, also reports the
   * problems of each part.
   */
  Optional<Spread> spread(Topology whole, Node root) {
    if (machines.isEmpty()) {
      document.wrong(root, "there are no machines: this is a topology of one");
      return Optional.empty();
    }
    Spread[] spread = {Spread.of(whole).tunnels(kind)};
    for (Machine one : machines) {
      String[] nodes = one.nodes().toArray(String[]::new);
      document.attempt(
          one.at(), () -> spread[0] = spread[0].machine(one.name(), one.address(), nodes));
    }
    if (document.problems().isEmpty()) {
      machines.forEach(one -> document.attempt(one.at(), () -> spread[0].part(one.name())));
    }
    return document.problems().isEmpty() ? Optional.of(spread[0]) : Optional.empty();
  }
}
