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
 * A network as an immutable value: nodes, the links between them, addresses and routes.
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
 * <p>An applied topology is a jail of the topology's name that contains a jail for each node, such
 * as {@code lab.web}. An interface without a name of its own is named after the node at the other
 * end: {@code to-r1}.
 */
public final class Topology {
  private final String name;
  private final List<Node> nodes;
  private final List<Link> links;
  private final Map<String, Node> byName = new LinkedHashMap<>();

  /**
   * Creates a topology of its parts.
   *
   * @param name the name of the jail that contains it: 1 to 32 letters, digits or hyphens, the
   *     first a letter
   * @param nodes the nodes
   * @param links the links; interfaces without a name are named
   * @throws InvalidException with all problems
   */
  public Topology(String name, List<Node> nodes, List<Link> links) {
    this(false, name, nodes, links);
  }

  private Topology(boolean part, String name, List<Node> nodes, List<Link> links) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.links = InterfaceNames.given(links);
    List<Problem> problems = Validation.problems(part, name, this.nodes, this.links);
    if (!problems.isEmpty()) {
      throw new InvalidException(name, problems);
    }
    this.nodes.forEach(node -> byName.put(node.name(), node));
  }

  /** Creates the topology of one machine's part of a larger one. */
  static Topology part(String name, List<Node> nodes, List<Link> links) {
    return new Topology(true, name, nodes, links);
  }

  /**
   * Creates a builder of a topology.
   *
   * @param name the name of the jail that contains it: 1 to 32 letters, digits or hyphens, the
   *     first a letter
   * @return a builder; {@link Builder#build()} completes it
   */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * Returns the name of the topology.
   *
   * @return its name, which is also that of its jail
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
   * Returns a node by its name.
   *
   * @param node its name
   * @return the node; empty if the topology has no such node
   */
  public Optional<Node> findNode(String node) {
    return Optional.ofNullable(byName.get(node));
  }

  Node get(String node) {
    return findNode(node)
        .orElseThrow(() -> new VnetException("topology " + name + " has no node " + node));
  }

  /**
   * Assigns an address to each end that has none of the prefix's family. Links that switches join
   * form one network. A network at a switch is a /24, any other network a /30; an IPv6 network is a
   * /64. The blocks are smaller if the prefix is small, and larger if a network has more ends. In
   * each network the routers have the first addresses. The same topology always has the same
   * addresses.
   *
   * @param prefix the prefix that contains the networks, as in {@code 10.0.0.0/16} or {@code
   *     2001:db8::/48}
   * @return a copy of this topology with the change
   * @throws IllegalArgumentException if the text is not a prefix or the prefix has no room for all
   *     networks
   * @throws InvalidException if a node has two interfaces on one network, such as two links to one
   *     switch, and one of them has no address
   */
  public Topology addressed(String prefix) {
    return new Topology(name, nodes, Addressing.addressed(this, Cidr.parse(prefix)));
  }

  /**
   * Computes static routes, so that each node reaches every network by a shortest path over
   * routers. Of several shortest paths it takes the path by the router that the topology lists
   * first. A host has a default route. Neighbouring networks with the same next hop share a route.
   * Existing routes stay.
   *
   * @return a copy of this topology with the change
   */
  public Topology routed() {
    return new Topology(name, Routing.routed(this), links);
  }

  /**
   * Draws the topology as if every interface were up.
   *
   * @return the picture
   */
  public Picture picture() {
    return new Drawing(this).picture();
  }

  /**
   * Compares this topology with the present state of a machine.
   *
   * @param vnet the machine
   * @return the changes that {@link Plan#apply()} would make
   * @throws Vnet.UnsupportedException if the kernel cannot shape a link as the topology demands, or
   *     its stacks cannot be routers; the message names all such ends, or the routers
   * @throws NotATopologyException if a jail of that name exists and is not a topology
   */
  public Plan plan(Vnet vnet) {
    return new Plan(this, vnet);
  }

  /**
   * Changes the machine so that its state is that of this topology. A failure undoes all changes.
   * The jails are removed when the {@link Vnet} is closed, unless {@link Plan#persist()} was
   * called.
   *
   * @param vnet the machine
   * @return the network
   * @throws NotATopologyException if a jail of that name exists and is not a topology
   */
  public Network apply(Vnet vnet) {
    return plan(vnet).applyAtOnce();
  }

  /**
   * Removes a topology by its name, whichever program applied it. A topology that does not exist is
   * no error.
   *
   * @param vnet the machine
   * @param name its name
   * @return true if it existed
   * @throws NotATopologyException if a jail of that name exists and is not a topology
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
   * @return a line for each node, for each of its routes, and for each link
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

  /** Collects the parts of a topology. */
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
     * @param names the names of the nodes
     * @return this
     */
    public Builder hosts(String... names) {
      return nodes(NodeKind.HOST, names);
    }

    /**
     * Adds routers.
     *
     * @param names the names of the nodes
     * @return this
     */
    public Builder routers(String... names) {
      return nodes(NodeKind.ROUTER, names);
    }

    /**
     * Adds switches.
     *
     * @param names the names of the nodes
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
     * Lets switches run the spanning tree protocol. Switches that are connected in a ring need it.
     * Then {@link Topology#apply} waits until the ports forward: some 4 seconds on Linux, never
     * more than 20.
     *
     * @param switches names of switches that were added before; without names, all of them
     * @return this
     * @throws IllegalArgumentException if the builder has no such switch
     */
    public Builder stp(String... switches) {
      List<String> wanted = List.of(switches);
      for (String one : wanted) {
        if (nodes.stream().noneMatch(node -> node.isSwitch() && node.name().equals(one))) {
          throw new IllegalArgumentException("stp of " + one + ": add the switch first");
        }
      }
      nodes.replaceAll(
          node ->
              node.isSwitch() && (wanted.isEmpty() || wanted.contains(node.name()))
                  ? node.with(true)
                  : node);
      return this;
    }

    /**
     * Adds a link.
     *
     * @param a a node
     * @param b another node
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
     * @throws IllegalArgumentException if a text is not an address with a prefix length
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
     * @throws IllegalArgumentException if a text is not an address, the families differ, or the
     *     builder has no such node
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
     * Creates the topology.
     *
     * @return the topology
     * @throws InvalidException with all problems
     */
    public Topology build() {
      return new Topology(name, nodes, links);
    }
  }

  /** Reports all problems of an invalid topology. */
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

  /** Reports a jail that has the topology's name and is not a topology. */
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
