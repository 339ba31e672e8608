// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.MacAddress;

/**
 * Permanent entries in the neighbour tables of a network's nodes, while they are pinged. Such
 * entries need no room in the table that all stacks of a machine share.
 */
final class Neighbours {
  private final Topology topology;
  private final List<List<End>> segments = new ArrayList<>();

  /** An end of a link that has addresses. */
  private record End(
      String node, NetInterface iface, MacAddress mac, List<InetAddress> addresses) {}

  /** Reads the MAC addresses of all ends. */
  Neighbours(Topology topology, Function<String, Jail> jails) {
    this.topology = topology;
    Map<String, Jail> found = new HashMap<>();
    Map<String, MacAddress> macs = new HashMap<>();
    for (Node node : topology.nodes()) {
      Jail jail = jails.apply(node.name());
      found.put(node.name(), jail);
      for (InterfaceInfo info : jail.ifconfig()) {
        info.lladdr().ifPresent(mac -> macs.put(node.name() + ":" + info.name(), mac));
      }
    }
    for (List<Segments.Port> ports : new Segments(topology.nodes(), topology.links()).all()) {
      List<End> ends = new ArrayList<>();
      for (Segments.Port port : ports) {
        LinkEnd end = port.end();
        MacAddress mac = macs.get(end.node() + ":" + end.iface());
        Jail jail = found.get(end.node());
        if (mac != null && jail != null && !end.addresses().isEmpty()) {
          List<InetAddress> addresses = end.addresses().stream().map(Cidr::address).toList();
          ends.add(new End(end.node(), jail.iface(end.iface()), mac, addresses));
        }
      }
      segments.add(ends);
    }
  }

  private Set<String> routers() {
    return topology.nodes().stream()
        .filter(Node::isRouter)
        .map(Node::name)
        .collect(java.util.stream.Collectors.toSet());
  }

  /** Does some work while the routers and all their neighbours know each other. */
  void withRouters(Runnable work) {
    with(routers(), Set.of(), work);
  }

  /** Does some work while some nodes and all their neighbours know each other. */
  void with(Collection<String> nodes, Runnable work) {
    with(Set.copyOf(nodes), routers(), work);
  }

  /** Leaves out the nodes whose entries are there already. */
  private void with(Set<String> nodes, Set<String> there, Runnable work) {
    Map<End, Map<InetAddress, MacAddress>> entries = new LinkedHashMap<>();
    for (List<End> ends : segments) {
      for (End one : ends) {
        for (End other : ends) {
          boolean wanted = nodes.contains(one.node()) || nodes.contains(other.node());
          boolean known = there.contains(one.node()) || there.contains(other.node());
          if (one != other && wanted && !known) {
            Map<InetAddress, MacAddress> own =
                entries.computeIfAbsent(one, any -> new LinkedHashMap<>());
            other.addresses().forEach(address -> own.put(address, other.mac()));
          }
        }
      }
    }
    try {
      each(entries, end -> end.iface().addNeighbours(entries.getOrDefault(end, Map.of())));
      work.run();
    } catch (RuntimeException | Error e) {
      try {
        Workers.undisturbed(() -> remove(entries));
      } catch (RuntimeException failed) {
        e.addSuppressed(failed);
      }
      throw e;
    }
    remove(entries);
  }

  private void remove(Map<End, Map<InetAddress, MacAddress>> entries) {
    each(
        entries,
        end -> {
          try {
            end.iface().deleteNeighbours(entries.getOrDefault(end, Map.of()).keySet());
          } catch (NetInterface.NotFoundException | Jail.NotFoundException e) {
            return; // its entries were removed with it
          }
        });
  }

  private static void each(Map<End, Map<InetAddress, MacAddress>> entries, Consumer<End> work) {
    Workers.all(Workers.forChanges(), entries.keySet(), work);
  }

  /** Throws if a kill of this program would leave entries. */
  static void requireTransient(Jail root) {
    if (root.info().persist()) {
      throw new VnetException(
          "topology "
              + root.name()
              + " persists, so a kill of this program would leave neighbours that nobody corrects");
    }
  }
}
