// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Route;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;

/**
 * A topology spread over several machines. Each node is on one machine. Tunnels carry the links
 * between machines, by vxlan unless {@link #tunnels} chooses another kind. Every machine has the
 * same value and applies its own {@link Part}.
 *
 * <pre>{@code
 * Spread spread =
 *     Spread.of(lab)
 *         .machine("alpha", "198.51.100.1", "web", "r1")
 *         .machine("beta", "198.51.100.2", "db");
 * spread.part("alpha").apply(vnet);                    // on alpha
 * spread.part("beta").apply(vnet);                     // on beta
 * }</pre>
 *
 * <p>A tunnel takes some bytes of each packet of the network below: vxlan takes 50 (70 over IPv6).
 * Give the links between machines an MTU of 1450 (1430 over IPv6), or the network below an MTU
 * above 1500. Addresses and routes are those of the whole topology, so call {@code addressed} and
 * {@code routed} first.
 */
public final class Spread {
  /** The number of the tunnel of the first link. The numbers follow the order of the links. */
  static final int FIRST_TUNNEL = 5000;

  private final Topology whole;
  private final Map<String, InetAddress> machines;
  private final Map<String, String> places;
  private final TunnelKind kind;

  private Spread(
      Topology whole,
      Map<String, InetAddress> machines,
      Map<String, String> places,
      TunnelKind kind) {
    this.whole = whole;
    this.machines = machines;
    this.places = places;
    this.kind = kind;
  }

  /**
   * Creates a spread of a topology, without machines.
   *
   * @param whole the whole topology
   * @return a spread without machines
   */
  public static Spread of(Topology whole) {
    return new Spread(whole, Map.of(), Map.of(), TunnelKind.VXLAN);
  }

  /**
   * Sets the kind of tunnel that carries the links between machines.
   *
   * @param kind a kind that the kernels of all machines support
   * @return the spread with such tunnels
   */
  public Spread tunnels(TunnelKind kind) {
    return new Spread(whole, machines, places, kind);
  }

  /**
   * Adds a machine and its nodes.
   *
   * @param machine its name
   * @param address its address in the network below, which the other machines reach
   * @param nodes nodes of the topology that are on no other machine
   * @return a spread with the machine
   * @throws IllegalArgumentException if the text is not an address, the machine, its address or a
   *     node was added before, or the topology has no such node
   */
  public Spread machine(String machine, String address, String... nodes) {
    return machine(machine, IpLiteral.parse(address), nodes);
  }

  /**
   * Adds a machine and its nodes.
   *
   * @param machine its name
   * @param address its address in the network below, which the other machines reach
   * @param nodes nodes of the topology that are on no other machine
   * @return a spread with the machine
   * @throws IllegalArgumentException if the machine, its address or a node was added before, or the
   *     topology has no such node
   */
  public Spread machine(String machine, InetAddress address, String... nodes) {
    Map<String, InetAddress> all = new LinkedHashMap<>(machines);
    if (machines.containsValue(address)) {
      throw new IllegalArgumentException(
          IpText.of(address) + " is the address of another machine already");
    }
    if (all.put(machine, address) != null) {
      throw new IllegalArgumentException("machine " + machine + " is there twice");
    }
    Map<String, String> placed = new LinkedHashMap<>(places);
    for (String node : nodes) {
      if (whole.findNode(node).isEmpty()) {
        throw new IllegalArgumentException(
            "topology " + whole.name() + " has no node " + node + " for machine " + machine);
      }
      String other = placed.put(node, machine);
      if (other != null) {
        throw new IllegalArgumentException("node " + node + " is on machine " + other + " already");
      }
    }
    return new Spread(whole, all, placed, kind);
  }

  /**
   * Returns the part of one machine: its nodes, the links between them, and for each link to
   * another machine a switch with a tunnel in it.
   *
   * @param machine its name
   * @return its part
   * @throws IllegalArgumentException if there is no such machine, it has no node, some node is on
   *     no machine, or two links need gif tunnels to the same machine
   */
  public Part part(String machine) {
    if (!machines.containsKey(machine)) {
      throw new IllegalArgumentException(
          "there is no machine " + machine + " among " + machines.keySet());
    }
    List<String> nowhere =
        whole.nodes().stream().map(Node::name).filter(node -> !places.containsKey(node)).toList();
    if (!nowhere.isEmpty()) {
      throw new IllegalArgumentException("on no machine: " + String.join(", ", nowhere));
    }
    List<Node> nodes = new ArrayList<>();
    whole.nodes().stream().filter(node -> isOn(machine, node.name())).forEach(nodes::add);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("machine " + machine + " has no node");
    }
    List<Link> links = new ArrayList<>();
    List<Part.Tunnel> tunnels = new ArrayList<>();
    for (int i = 0; i < whole.links().size(); i++) {
      Link link = whole.links().get(i);
      boolean hasA = isOn(machine, link.a().node());
      if (hasA && isOn(machine, link.b().node())) {
        links.add(link);
      } else if (hasA || isOn(machine, link.b().node())) {
        int number = FIRST_TUNNEL + i;
        String there = places.get(link.end(!hasA).node());
        Part.Tunnel tunnel =
            new Part.Tunnel(
                kind,
                free(TunnelSite.node(number)),
                number,
                address(machine),
                address(there),
                link.mtu(),
                link.toString());
        tunnels.forEach(other -> checkApart(other, tunnel));
        boolean stp = stp(link.a()) || stp(link.b());
        nodes.add(new Node(tunnel.node(), NodeKind.SWITCH, List.<Route>of(), stp));
        links.add(new Link(link.end(hasA), LinkEnd.of(tunnel.node()), link.mtu()));
        tunnels.add(tunnel);
      }
    }
    return new Part(Topology.part(whole.name(), nodes, links), tunnels, addresses());
  }

  private static void checkApart(Part.Tunnel one, Part.Tunnel other) {
    if (one.kind() == TunnelKind.GIF && one.remote().equals(other.remote())) {
      throw new IllegalArgumentException(
          "links "
              + one.link()
              + " and "
              + other.link()
              + " both lead to "
              + IpText.of(one.remote())
              + ", and there is one gif between two machines");
    }
  }

  /** Returns whether an end is on a spanning tree, which a tunnel's switch must not interrupt. */
  private boolean stp(LinkEnd end) {
    return whole.get(end.node()).stp();
  }

  private boolean isOn(String machine, String node) {
    return machine.equals(places.get(node));
  }

  private InetAddress address(@Nullable String machine) {
    InetAddress address = machines.get(machine);
    if (address == null) {
      throw new AssertionError("no machine " + machine);
    }
    return address;
  }

  private String free(String name) {
    if (whole.findNode(name).isPresent()) {
      throw new IllegalArgumentException(
          "topology " + whole.name() + " has a node " + name + ", which a tunnel is called");
    }
    return name;
  }

  /** Returns the first addresses of each node that has one: of IPv4, then of IPv6. */
  private Map<String, List<InetAddress>> addresses() {
    Map<String, List<InetAddress>> first = new LinkedHashMap<>();
    for (boolean ipv6 : new boolean[] {false, true}) {
      Set<String> known = new HashSet<>();
      for (Link link : whole.links()) {
        for (LinkEnd end : List.of(link.a(), link.b())) {
          List<Cidr> some = end.addresses(ipv6);
          if (!some.isEmpty() && known.add(end.node())) {
            first.computeIfAbsent(end.node(), any -> new ArrayList<>()).add(some.get(0).address());
          }
        }
      }
    }
    return first;
  }
}
