// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Jail;
import org.vnet4j.Route;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.picture.Picture;

/**
 * A whole network as an immutable value: nodes, the links between them, addresses and routes.
 *
 * <pre>{@code
 * Topology lab =
 *     Topology.named("lab")
 *         .hosts("web", "db")
 *         .routers("r1")
 *         .link("web", "r1")
 *         .link("db", "r1")
 *         .build()
 *         .addressed("10.0.0.0/16")
 *         .routed();
 * try (Network network = lab.apply(vnet)) {
 *   System.out.println(network.pingAll());
 * }
 * }</pre>
 *
 * <p>On a machine it is one jail of the topology's name, and in it a jail for each node: {@code
 * lab.web}. An interface is named after the node it leads to: {@code to-r1}.
 */
public final class Topology {
  private final String name;
  private final List<Node> nodes;
  private final List<Link> links;
  private final Map<String, Node> byName = new LinkedHashMap<>();

  /**
   * Makes a topology of its parts.
   *
   * @param name of the jail that holds it: 1 to 32 letters, digits or hyphens, the first a letter
   * @param nodes the nodes
   * @param links the links; interfaces without a name get one
   * @throws InvalidException with all that is wrong
   */
  public Topology(String name, List<Node> nodes, List<Link> links) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.links = InterfaceNames.given(links);
    List<Problem> problems = Validation.problems(name, this.nodes, this.links);
    if (!problems.isEmpty()) {
      throw new InvalidException(name, problems);
    }
    this.nodes.forEach(node -> byName.put(node.name(), node));
  }

  /**
   * Begins a topology.
   *
   * @param name of the jail that holds it: 1 to 32 letters, digits or hyphens, the first a letter
   * @return a builder that ends in {@link Builder#build()}
   */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * Returns its name.
   *
   * @return that of the jail that holds it
   */
  public String name() {
    return name;
  }

  /**
   * Returns the nodes.
   *
   * @return in the order they were given
   */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * Returns the links.
   *
   * @return in the order they were given; every interface has a name
   */
  public List<Link> links() {
    return links;
  }

  /**
   * Looks a node up.
   *
   * @param node its name
   * @return empty if there is none
   */
  public Optional<Node> findNode(String node) {
    return Optional.ofNullable(byName.get(node));
  }

  Node get(String node) {
    return findNode(node)
        .orElseThrow(() -> new VnetException("topology " + name + " has no node " + node));
  }

  /**
   * Gives an address to each end that has none of the prefix's family. Links that switches join are
   * one network and get a /24 where that is enough, all others a /30; with IPv6 each gets a /64.
   * Routers come first in each. The same topology always gets the same addresses.
   *
   * @param prefix what the networks are taken from, as in {@code 10.0.0.0/16} or {@code
   *     2001:db8::/48}
   * @return a topology like this one
   * @throws IllegalArgumentException if it is no prefix or has no room for all networks
   */
  public Topology addressed(String prefix) {
    return new Topology(name, nodes, Addressing.addressed(this, Cidr.parse(prefix)));
  }

  /**
   * Computes static routes, so that each node reaches every network by a shortest path over
   * routers; of several the one by the router that was given first. Hosts get a default route.
   * Neighbouring networks with the same next hop share a route. Routes that are there stay.
   *
   * @return a topology like this one
   */
  public Topology routed() {
    return new Topology(name, Routing.routed(this), links);
  }

  /**
   * Draws it, as if all were up.
   *
   * @return the picture
   */
  public Picture picture() {
    return new Drawing(this).picture();
  }

  /**
   * Compares this topology with what is there.
   *
   * @param vnet where it is, or is to be
   * @return what {@link Plan#apply()} would do
   * @throws Vnet.UnsupportedException if the kernel cannot shape a link as asked; names all of them
   * @throws NotATopologyException if a jail of that name is there that is no topology
   */
  public Plan plan(Vnet vnet) {
    return new Plan(this, vnet);
  }

  /**
   * Makes what is there what this topology says. It happens as a whole or not at all. The jails go
   * with the {@link Vnet}; {@link Plan#persist()} lets them stay.
   *
   * @param vnet where to
   * @return the network
   * @throws NotATopologyException if a jail of that name is there that is no topology
   */
  public Network apply(Vnet vnet) {
    return plan(vnet).apply();
  }

  /**
   * Removes a topology by its name, whoever applied it. One that is not there is no error.
   *
   * @param vnet where it is
   * @param name its name
   * @return true if it was there
   * @throws NotATopologyException if a jail of that name is there that is no topology
   */
  public static boolean destroy(Vnet vnet, String name) {
    return TopologyJails.destroy(vnet, name, Progress.NONE);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Topology that
        && name.equals(that.name)
        && nodes.equals(that.nodes)
        && links.equals(that.links);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + nodes.hashCode()) + links.hashCode();
  }

  /**
   * Lists the topology.
   *
   * @return a line for each node, one for each of its routes, and one for each link
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("topology ").append(name);
    for (Node node : nodes) {
      text.append('\n').append(node);
      node.routes().forEach(route -> text.append("\n  ").append(route));
    }
    links.forEach(link -> text.append('\n').append(link));
    return text.toString();
  }

  /** The parts of a topology to be. */
  public static final class Builder {
    private final String name;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    /**
     * Adds hosts.
     *
     * @param names of the nodes
     * @return this
     */
    public Builder hosts(String... names) {
      return nodes(NodeKind.HOST, names);
    }

    /**
     * Adds routers.
     *
     * @param names of the nodes
     * @return this
     */
    public Builder routers(String... names) {
      return nodes(NodeKind.ROUTER, names);
    }

    /**
     * Adds switches.
     *
     * @param names of the nodes
     * @return this
     */
    public Builder switches(String... names) {
      return nodes(NodeKind.SWITCH, names);
    }

    private Builder nodes(NodeKind kind, String... names) {
      Arrays.stream(names).forEach(one -> node(new Node(one, kind, List.of())));
      return this;
    }

    /**
     * Adds a node.
     *
     * @param node the node
     * @return this
     */
    public Builder node(Node node) {
      nodes.add(node);
      return this;
    }

    /**
     * Adds a link.
     *
     * @param a a node
     * @param b another one
     * @return this
     */
    public Builder link(String a, String b) {
      return link(Link.between(a, b));
    }

    /**
     * Adds a link with addresses.
     *
     * @param a a node
     * @param addressOfA such as {@code 192.0.2.1/24}
     * @param b another node
     * @param addressOfB such as {@code 192.0.2.2/24}
     * @return this
     * @throws IllegalArgumentException if one is no address with a prefix length
     */
    public Builder link(String a, String addressOfA, String b, String addressOfB) {
      return link(Link.between(a, b).addresses(addressOfA, addressOfB));
    }

    /**
     * Adds a link.
     *
     * @param link the link
     * @return this
     */
    public Builder link(Link link) {
      links.add(link);
      return this;
    }

    /**
     * Adds a static route to a node that was added before.
     *
     * @param node the node
     * @param destination a prefix or {@code default}
     * @param gateway the next router
     * @return this
     * @throws IllegalArgumentException if a text is no address, the families differ, or there is no
     *     such node
     */
    public Builder route(String node, String destination, String gateway) {
      Route route = Routing.route(destination, gateway);
      for (int i = nodes.size() - 1; i >= 0; i--) {
        if (nodes.get(i).name().equals(node)) {
          nodes.set(i, nodes.get(i).with(List.of(route)));
          return this;
        }
      }
      throw new IllegalArgumentException("route of node " + node + ": add the node first");
    }

    /**
     * Makes the topology.
     *
     * @return the value
     * @throws InvalidException with all that is wrong
     */
    public Topology build() {
      return new Topology(name, nodes, links);
    }
  }

  /** A topology is wrong; all its problems are reported at once. */
  public static final class InvalidException extends VnetException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidException(String name, List<Problem> problems) {
      super(
          "topology "
              + name
              + ": "
              + (problems.size() == 1 ? "1 problem" : problems.size() + " problems")
              + problems.stream().map(one -> "\n  " + one).collect(Collectors.joining()));
      this.problems = List.copyOf(problems);
    }

    /**
     * Returns the problems.
     *
     * @return all of them
     */
    public List<Problem> problems() {
      return problems;
    }
  }

  /** There is a jail of the topology's name which no topology made. */
  public static final class NotATopologyException extends VnetException {
    private static final long serialVersionUID = 1L;

    NotATopologyException(Jail jail) {
      super(
          "jail "
              + jail.name()
              + " is there and is no topology (its hostname is not "
              + TopologyJails.hostname(jail.name())
              + "); remove it or take another name");
    }
  }
}
