// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.time.Duration;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.picture.Picture;

/** An applied topology: the jails of its nodes, and operations on all of them. */
public final class Network implements AutoCloseable {
  private final Topology topology;
  private final Vnet vnet;

  Network(Topology topology, Vnet vnet) {
    this.topology = topology;
    this.vnet = vnet;
  }

  /**
   * Returns what was applied.
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
   * @throws Jail.NotFoundException if it was removed
   * @throws VnetException if the topology has no such node
   */
  public Jail node(String name) {
    topology.get(name);
    return vnet.findJail(topology.name() + "." + name)
        .orElseThrow(
            () -> new Jail.NotFoundException("jail " + topology.name() + "." + name + " is gone"));
  }

  /**
   * Compares what was applied with what is there now.
   *
   * @return empty if nothing has changed since
   */
  public Plan plan() {
    return topology.plan(vnet);
  }

  /**
   * Lets each node with an address ping every other, many at the same time. An address on a network
   * they share is taken where there is one, else the other node's first.
   *
   * @return who reached whom
   */
  public Reachability pingAll() {
    return pingAll(Duration.ofSeconds(1));
  }

  /**
   * Does the same with another patience.
   *
   * @param timeout how long to wait for an answer; each address is asked up to three times
   * @return who reached whom
   */
  public Reachability pingAll(Duration timeout) {
    return Reachability.measure(topology, this::node, timeout);
  }

  /**
   * Draws it as it is now: which cables are down, which are shaped.
   *
   * @return the picture
   */
  public Picture picture() {
    return new Drawing(topology).live(this::node, false).picture();
  }

  /**
   * Draws it as it is now, with the bytes that came by each cable.
   *
   * @return the picture
   */
  public Picture pictureWithCounters() {
    return new Drawing(topology).live(this::node, true).picture();
  }

  /** Removes it. Idempotent. */
  public void destroy() {
    destroy(Progress.NONE);
  }

  /**
   * Removes it and reports the progress. Idempotent.
   *
   * @param progress such as a {@link ProgressBar}
   */
  public void destroy(Progress progress) {
    TopologyJails.destroy(vnet, topology.name(), progress);
  }

  /**
   * Removes it if this {@link Vnet} made it and it does not persist. One that persists, or was
   * there before, stays: {@link #destroy()} removes it. Nothing to do if the {@link Vnet} is
   * closed.
   */
  @Override
  public void close() {
    try {
      TopologyJails.find(vnet, topology.name()).ifPresent(Jail::close);
    } catch (Vnet.ClosedException e) {
      return;
    }
  }

  /**
   * Says which network this is.
   *
   * @return its name and how many nodes and links it has
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
