// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnet4j.Vnet;
import org.vnet4j.net.IpText;
import org.vnet4j.probe.PingResult;

/**
 * One machine's part of a {@link Spread} topology.
 *
 * @param topology the nodes of the machine, the links between them, and a switch for each tunnel
 * @param tunnels the links to other machines
 * @param addresses of each node of the whole topology, the first address of each version of IP,
 *     IPv4 first; {@link #pingAll} pings them
 */
public record Part(
    Topology topology, List<Tunnel> tunnels, Map<String, List<InetAddress>> addresses) {

  /**
   * A link to another machine.
   *
   * @param kind the kind of tunnel
   * @param node the switch whose bridge contains the tunnel
   * @param number the vxlan identifier or the key, the same at both ends
   * @param local this machine's address in the network below
   * @param remote the other machine's address in that network
   * @param mtu the MTU of the link, in bytes
   * @param link the link that the tunnel carries, as text
   */
  public record Tunnel(
      TunnelKind kind,
      String node,
      int number,
      InetAddress local,
      InetAddress remote,
      int mtu,
      String link) {
    String iface() {
      return kind.iface(number);
    }

    String text() {
      return IpText.of(local) + " -- " + IpText.of(remote) + " " + kind.text(number);
    }
  }

  /** Copies the collections. */
  public Part {
    tunnels = List.copyOf(tunnels);
    addresses = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
  }

  /**
   * Compares this part with the present state of the machine, including the tunnels.
   *
   * @param vnet the machine
   * @return the changes that {@link PartPlan#apply()} would make
   * @throws Vnet.UnsupportedException if the kernel has no tunnels of the kind, cannot shape a link
   *     as the part demands, or its stacks cannot be routers
   * @throws Topology.NotATopologyException if a jail of that name exists and is not a topology
   */
  public PartPlan plan(Vnet vnet) {
    return new PartPlan(this, vnet);
  }

  /**
   * Changes the machine so that its state is that of this part. Nodes, epairs and tunnels that are
   * correct stay. If the part did not exist before, a failure removes it. The network below must
   * exist; this method does not check its addresses.
   *
   * @param vnet the machine
   * @return its network
   * @throws Vnet.UnsupportedException if the kernel has no tunnels of the kind; nothing was changed
   */
  public Network apply(Vnet vnet) {
    return plan(vnet).applyAtOnce();
  }

  /**
   * Applies this part with jails that stay when this program ends.
   *
   * @param vnet the machine
   * @return its network
   * @throws Vnet.UnsupportedException if the kernel has no tunnels of the kind; nothing was changed
   */
  public Network persist(Vnet vnet) {
    return plan(vnet).persist().applyAtOnce();
  }

  /**
   * Removes the part of this machine by the topology's name, with its tunnels. A part that does not
   * exist is no error. ({@link Topology#destroy} would return the tunnels to the host.)
   *
   * @param vnet the machine
   * @param name the topology's name
   * @return true if it existed
   * @throws Topology.NotATopologyException if a jail of that name exists and is not a topology
   */
  public static boolean destroy(Vnet vnet, String name) {
    TunnelSite.all(vnet, name).forEach(out -> TunnelSite.destroy(vnet, out));
    return TopologyJails.destroy(vnet, name, Progress.NONE);
  }

  /**
   * Pings every node of the whole topology, on any machine, from each node of this machine, over
   * each version of IP that both have.
   *
   * @param network the network of this part
   * @return the results, for the nodes of this machine as senders
   */
  public Reachability pingAll(Network network) {
    Map<String, Map<String, PingResult>> results = new LinkedHashMap<>();
    List<String> own =
        topology.nodes().stream().map(Node::name).filter(addresses::containsKey).toList();
    for (String node : own) {
      results.put(
          node,
          Reachability.ask(
              network.node(node),
              Duration.ofSeconds(1),
              addresses.keySet(),
              asked(node, false),
              asked(node, true)));
    }
    return new Reachability(List.copyOf(addresses.keySet()), results);
  }

  /** Returns the addresses that a node pings over one version of IP. */
  private Map<String, InetAddress> asked(String node, boolean ipv6) {
    List<InetAddress> own = addresses.getOrDefault(node, List.of());
    Map<String, InetAddress> asked = new LinkedHashMap<>();
    addresses.forEach(
        (other, theirs) -> {
          boolean common = theirs.stream().anyMatch(one -> has(own, isIpv6(one)));
          if (!other.equals(node) && (!common || has(own, ipv6))) {
            theirs.stream()
                .filter(one -> isIpv6(one) == ipv6)
                .forEach(one -> asked.put(other, one));
          }
        });
    return asked;
  }

  private static boolean has(List<InetAddress> addresses, boolean ipv6) {
    return addresses.stream().anyMatch(one -> isIpv6(one) == ipv6);
  }

  private static boolean isIpv6(InetAddress address) {
    return address instanceof Inet6Address;
  }
}
