// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.vnet4j.Route;

/**
 * A node of a topology.
 *
 * @param name 1 to 32 letters, digits or hyphens, the first a letter; also the jail's hostname
 * @param kind host, router or switch
 * @param routes its static routes, each with a gateway; a prefix of length 0 is the default route
 * @param stp whether a switch runs the spanning tree protocol, which switches in a ring need
 */
public record Node(String name, NodeKind kind, List<Route> routes, boolean stp) {

  /** Copies the list. */
  public Node {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    routes = List.copyOf(routes);
  }

  /**
   * Creates a node without the spanning tree protocol.
   *
   * @param name 1 to 32 letters, digits or hyphens, the first a letter; also the jail's hostname
   * @param kind host, router or switch
   * @param routes its static routes, each with a gateway
   */
  public Node(String name, NodeKind kind, List<Route> routes) {
    this(name, kind, routes, false);
  }

  Node with(List<Route> more) {
    List<Route> all = new ArrayList<>(routes);
    all.addAll(more);
    return new Node(name, kind, all, stp);
  }

  Node with(boolean spanningTree) {
    return new Node(name, kind, routes, spanningTree);
  }

  boolean isSwitch() {
    return kind == NodeKind.SWITCH;
  }

  boolean isRouter() {
    return kind == NodeKind.ROUTER;
  }

  /**
   * Returns kind and name.
   *
   * @return such as {@code router r1}, or {@code switch s1 stp}
   */
  @Override
  public String toString() {
    return kind + " " + name + (stp ? " stp" : "");
  }
}
