// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.picture.Picture;

/** An applied topology: the jails of its nodes, and operations on all of them. */
public final class Network implements AutoCloseable {
  private final Topology topology;
  private final Vnet vnet;
  private final boolean hasTunnels;

  Network(Topology topology, Vnet vnet) {
    this(topology, vnet, false);
  }

  /**
   * Creates a handle of a network.
   *
   * @param hasTunnels whether it is that of a {@link Part}, whose tunnels are removed with it
   */
  Network(Topology topology, Vnet vnet, boolean hasTunnels) {
    this.topology = topology;
    this.vnet = vnet;
    this.hasTunnels = hasTunnels;
  }

  /**
   * Returns the applied topology.
   *
   * @return the topology
   */
  public Topology topology() {
    return topology;
  }

  /**
   * Returns the jail of a node.
   *
   * @param name the node's name
   * @return its jail
   * @throws Jail.NotFoundException if the jail was removed
   * @throws VnetException if the topology has no such node
   */
  public Jail node(String name) {
    topology.get(name);
    return vnet.findJail(topology.name() + "." + name)
        .orElseThrow(
            () -> new Jail.NotFoundException("jail " + topology.name() + "." + name + " is gone"));
  }

  /**
   * Compares the applied topology with the present state.
   *
   * @return empty if nothing has changed since
   */
  public Plan plan() {
    return topology.plan(vnet);
  }

  /**
   * Pings every node with an address from every other, many at the same time, over each version of
   * IP that both have. The destination is an address on a network that both nodes share; without a
   * shared network it is the other node's first address of that version. The result of a pair is
   * that of IPv4, or that of IPv6 if only it was not answered.
   *
   * @return the results of all pairs; where the machine's table of neighbours was full, they say so
   */
  public Reachability pingAll() {
    return pingAll(Duration.ofSeconds(1));
  }

  /**
   * Pings every node with an address from every other, with another timeout.
   *
   * @param timeout how long to wait for an answer; each address is pinged up to three times
   * @return the results of all pairs
   */
  public Reachability pingAll(Duration timeout) {
    return Reachability.measure(topology, this::node, timeout);
  }

  /**
   * Works as {@link #pingAll(Duration)}, for networks that need more neighbours than the machine
   * has room for: hundreds of hosts on one switch. Enters the neighbours as permanent entries,
   * those of 16 senders at a time, and deletes them afterwards; an entry of somebody else stays. So
   * the pings do not try whether neighbours are found by ARP and neighbour discovery.
   *
   * @param timeout how long to wait for an answer; each address is pinged up to three times
   * @return the results of all pairs
   * @throws VnetException if the network persists: then a kill of this program would leave entries
   */
  public Reachability pingAllWithEnteredNeighbours(Duration timeout) {
    TopologyJails.find(vnet, topology.name()).ifPresent(Neighbours::requireTransient);
    Neighbours neighbours = new Neighbours(topology, this::node);
    List<Reachability> parts = new ArrayList<>();
    neighbours.withRouters(
        () -> {
          List<String> all = topology.nodes().stream().map(Node::name).toList();
          for (int from = 0; from < all.size(); from += Reachability.ASKERS) {
            List<String> some = all.subList(from, Math.min(all.size(), from + Reachability.ASKERS));
            neighbours.with(
                some, () -> parts.add(Reachability.measure(topology, this::node, timeout, some)));
          }
        });
    return Reachability.joined(parts);
  }

  /**
   * Draws the network in its present state, with the epairs that are down and those that are
   * shaped.
   *
   * @return the picture
   */
  public Picture picture() {
    return new Drawing(topology).live(this::node, false).picture();
  }

  /**
   * Draws the network in its present state, with the bytes that each end of an epair received.
   *
   * @return the picture
   */
  public Picture pictureWithCounters() {
    return new Drawing(topology).live(this::node, true).picture();
  }

  /**
   * Removes the jails and epairs of the network; if it is that of a {@link Part}, also its tunnels.
   * Idempotent.
   */
  public void destroy() {
    destroy(Progress.NONE);
  }

  /**
   * Works as {@link #destroy()} and reports the progress.
   *
   * @param progress the listener, such as a {@link ProgressBar}
   */
  public void destroy(Progress progress) {
    if (hasTunnels) {
      TunnelSite.all(vnet, topology.name()).forEach(out -> TunnelSite.destroy(vnet, out));
    }
    TopologyJails.destroy(vnet, topology.name(), progress);
  }

  /**
   * Removes the network if this {@link Vnet} made it and it does not persist. A network that
   * persists, or that existed before, stays; {@link #destroy()} removes it. Does nothing if the
   * {@link Vnet} is closed.
   */
  @Override
  public void close() {
    try {
      TopologyJails.find(vnet, topology.name()).ifPresent(this::close);
    } catch (Vnet.ClosedException e) {
      return;
    }
  }

  /** Closes the outer jail. If that removed it, also destroys the tunnels, which came home. */
  private void close(Jail root) {
    List<NetInterface> tunnels = hasTunnels ? TunnelSite.all(vnet, root.name()) : List.of();
    root.close();
    if (!root.exists()) {
      tunnels.forEach(out -> TunnelSite.destroy(vnet, out));
    }
  }

  /**
   * Describes the network.
   *
   * @return its name and the numbers of its nodes and links
   */
  @Override
  public String toString() {
    return "network "
        + topology.name()
        + ": "
        + topology.nodes().size()
        + " nodes, "
        + topology.links().size()
        + " links";
  }
}
