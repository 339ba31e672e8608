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
 * Finds and removes the jails of a topology: a jail of the topology's name, recognized by its
 * hostname, with a child jail for each node.
 */
final class TopologyJails {
  /** The name of the bridge in the jail of a switch. */
  static final String BRIDGE = "bridge0";

  /** The limit of child jails, which is set when the jail of the topology is created. */
  static final int MOST_NODES = 99_999;

  private TopologyJails() {}

  /** Returns the hostname that marks the jail of a topology. */
  static String hostname(String topology) {
    return topology + ".topology";
  }

  /** Returns the jail of a topology; empty if there is none. */
  static Optional<Jail> find(Vnet vnet, String topology) {
    Optional<Jail> jail = vnet.findJail(topology);
    if (jail.isPresent() && !jail.get().info().hostname().equals(hostname(topology))) {
      throw new Topology.NotATopologyException(jail.get());
    }
    return jail;
  }

  /** Returns the jails of the nodes, the last created first. */
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

  /** Reads the present state of a topology. */
  static NetworkState state(Vnet vnet, String topology) {
    return find(vnet, topology).isEmpty()
        ? NetworkState.NOTHING
        : NetworkState.of(nodes(vnet, topology), shapes(vnet));
  }

  /** Returns whether this kernel can shape interfaces. */
  private static boolean shapes(Vnet vnet) {
    return vnet.has(Capability.SHAPE_RATE) || vnet.has(Capability.SHAPE_DELAY);
  }

  /**
   * Removes a topology by one removal of its outer jail. The interfaces between its jails need not
   * return home, and the kernel does not wait for each epair.
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

  /** Removes a jail, unless another program has removed it. */
  static void remove(Jail jail) {
    try {
      jail.remove();
    } catch (Jail.NotFoundException e) {
      return;
    }
  }
}
