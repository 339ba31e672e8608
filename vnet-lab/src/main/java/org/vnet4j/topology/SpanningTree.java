// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.vnet4j.Bridge;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.topology.NetworkState.Stack;

/**
 * The switches of a network that run the spanning tree protocol. Their ports forward nothing for
 * twice the forward delay.
 */
final class SpanningTree {
  private static final Duration MOST = Duration.ofSeconds(20);

  private final Function<String, Jail> jails;
  private final List<String> switches;
  private final int redundant;

  SpanningTree(NetworkState network, Function<String, Jail> jails) {
    this.jails = jails;
    this.switches = network.stacks().values().stream().filter(Stack::stp).map(Stack::name).toList();
    this.redundant = redundant(network);
  }

  /** Lets the bridge of a switch run the protocol, with the shortest delay the kernel permits. */
  static void start(Bridge bridge) {
    bridge.forwardDelay(Duration.ZERO).stp(true);
  }

  /**
   * Waits until every port forwards, except one of each link that closes a ring. Returns after 20
   * seconds all the same.
   */
  void await() {
    long deadline = System.nanoTime() + MOST.toNanos();
    while (waiting() > redundant && System.nanoTime() < deadline) {
      Workers.pause(50);
    }
  }

  private long waiting() {
    return switches.stream().mapToLong(this::waiting).sum();
  }

  private long waiting(String node) {
    try {
      return jails.apply(node).bridge(TopologyJails.BRIDGE).members().stream()
          .filter(port -> !port.state().equals("forwarding") && !port.state().equals("disabled"))
          .count();
    } catch (NetInterface.NotFoundException | Jail.NotFoundException e) {
      return 0; // another program removed it
    }
  }

  /** Counts the links between switches that are connected without them. */
  private static int redundant(NetworkState network) {
    Map<String, String> joined = new HashMap<>();
    int redundant = 0;
    for (NodeEpair cable : network.cables()) {
      Stack a = network.stacks().get(cable.a());
      Stack b = network.stacks().get(cable.b());
      if (a != null && b != null && a.isSwitch() && b.isSwitch()) {
        String one = Segments.root(joined, cable.a());
        String other = Segments.root(joined, cable.b());
        redundant += one.equals(other) ? 1 : 0;
        joined.put(one, other);
      }
    }
    return redundant;
  }
}
