// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.Vnet;

/**
 * The jails of a topology: one of its name, recognized by its hostname, with a child jail for each
 * node.
 */
final class TopologyJails {
  /** The bridge of a switch. */
  static final String BRIDGE = "bridge0";

  /** So many nodes a topology may have: the jail that holds it cannot be given more later. */
  static final int MOST_NODES = 99_999;

  private TopologyJails() {}

  /** The hostname that marks the jail of a topology. */
  static String hostname(String topology) {
    return topology + ".topology";
  }

  /** Finds the jail of a topology. */
  static Optional<Jail> find(Vnet vnet, String topology) {
    Optional<Jail> jail = vnet.findJail(topology);
    if (jail.isPresent() && !jail.get().info().hostname().equals(hostname(topology))) {
      throw new Topology.NotATopologyException(jail.get());
    }
    return jail;
  }

  /** Returns the jails of the nodes, the youngest first. */
  static List<Jail> nodes(Vnet vnet, String topology) {
    return vnet.jls().stream()
        .filter(info -> isNode(info, topology))
        .sorted(Comparator.comparingInt(JailInfo::jid).reversed())
        .flatMap(info -> vnet.findJail(info.jid()).stream())
        .toList();
  }

  private static boolean isNode(JailInfo info, String topology) {
    String prefix = topology + ".";
    return info.name().startsWith(prefix) && info.name().indexOf('.', prefix.length()) < 0;
  }

  static String node(Jail jail) {
    return jail.name().substring(jail.name().lastIndexOf('.') + 1);
  }

  /** Reads what is there of a topology. */
  static NetworkState state(Vnet vnet, String topology) {
    return find(vnet, topology).isEmpty()
        ? NetworkState.NOTHING
        : NetworkState.of(nodes(vnet, topology), shapes(vnet));
  }

  /** Returns whether this kernel may have shaped anything. */
  private static boolean shapes(Vnet vnet) {
    return vnet.has(Capability.SHAPE_RATE) || vnet.has(Capability.SHAPE_DELAY);
  }

  /**
   * Removes a topology. Its jails go together: what lies between them need not be sent home, nor
   * does the kernel wait for each cable.
   */
  static boolean destroy(Vnet vnet, String topology, Progress progress) {
    Optional<Jail> root = find(vnet, topology);
    if (root.isEmpty()) {
      return false;
    }
    remove(root.get());
    progress.step(1, 1, "remove " + topology);
    return true;
  }

  /** Removes a jail that somebody else may have removed meanwhile. */
  static void remove(Jail jail) {
    try {
      jail.remove();
    } catch (Jail.NotFoundException e) {
      return;
    }
  }
}
