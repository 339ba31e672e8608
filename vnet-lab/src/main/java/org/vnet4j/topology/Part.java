// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vnet4j.Vnet;
import org.vnet4j.net.IpText;
import org.vnet4j.probe.PingResult;

/**
 * One machine's part of a {@link Spread} topology.
 *
 * @param topology its nodes, the links between them, and a switch for each tunnel
 * @param tunnels the links to other machines
 * @param addresses the first address of each node of the whole, to be asked by {@link #pingAll}
 */
public record Part(Topology topology, List<Tunnel> tunnels, Map<String, InetAddress> addresses) {

  /**
   * A link to another machine.
   *
   * @param kind what it is carried in
   * @param node the switch whose bridge it is in
   * @param number its vxlan identifier or its key, the same at both ends
   * @param local this machine's address in the network below
   * @param remote the other machine's
   * @param mtu of the link, in bytes
   * @param link what it carries
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
   * Compares this machine's part with what is there, tunnels too.
   *
   * @param vnet of this machine
   * @return what {@link PartPlan#apply()} would do
   * @throws Vnet.UnsupportedException if the kernel has no tunnels of the kind, or cannot shape a
   *     link as asked
   * @throws Topology.NotATopologyException if a jail of that name is there that is no topology
   */
  public PartPlan plan(Vnet vnet) {
    return new PartPlan(this, vnet);
  }

  /**
   * Makes this machine's part what the value says; what is right already stays. If it was not there
   * before, it happens as a whole or not at all. The network below must be there: the addresses
   * themselves are not looked for.
   *
   * @param vnet of this machine
   * @return its network
   * @throws Vnet.UnsupportedException if the kernel has no tunnels of the kind; nothing was done
   */
  public Network apply(Vnet vnet) {
    return plan(vnet).apply();
  }

  /**
   * Does the same with jails that stay when this program has ended.
   *
   * @param vnet of this machine
   * @return its network
   * @throws Vnet.UnsupportedException if the kernel has no tunnels of the kind; nothing was done
   */
  public Network persist(Vnet vnet) {
    return plan(vnet).persist().apply();
  }

  /**
   * Removes this machine's part by the topology's name, with its tunnels. One that is not there is
   * no error. ({@link Topology#destroy} would send the tunnels home to the host.)
   *
   * @param vnet of this machine
   * @param name the topology's
   * @return true if it was there
   * @throws Topology.NotATopologyException if a jail of that name is there that is no topology
   */
  public static boolean destroy(Vnet vnet, String name) {
    if (TopologyJails.find(vnet, name).isPresent()) {
      TopologyJails.nodes(vnet, name)
          .forEach(jail -> TunnelSite.find(jail).ifPresent(out -> TunnelSite.destroy(vnet, out)));
    }
    return TopologyJails.destroy(vnet, name, Progress.NONE);
  }

  /**
   * Lets each node of this machine ping every node of the whole, on whatever machine it is.
   *
   * @param network of this part
   * @return who reached whom; only this machine's nodes asked
   */
  public Reachability pingAll(Network network) {
    Map<String, Map<String, PingResult>> results = new LinkedHashMap<>();
    List<String> own =
        topology.nodes().stream().map(Node::name).filter(addresses::containsKey).toList();
    for (String node : own) {
      Map<InetAddress, PingResult> answers = network.node(node).pingAll(addresses.values()).run();
      Map<String, PingResult> byNode = new LinkedHashMap<>();
      addresses.forEach(
          (other, address) -> {
            PingResult answer = answers.get(address);
            if (!other.equals(node) && answer != null) {
              byNode.put(other, answer);
            }
          });
      results.put(node, byNode);
    }
    return new Reachability(List.copyOf(addresses.keySet()), results);
  }
}
