// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Transaction;
import org.vnet4j.Vnet;
import org.vnet4j.probe.PingResult;

/**
 * What one machine has of a {@link Spread} topology.
 *
 * @param topology its nodes, the links between them, and a switch for each tunnel
 * @param tunnels the links to other machines
 * @param addresses the first address of each node of the whole, to be asked by {@link #pingAll}
 */
public record Part(Topology topology, List<Tunnel> tunnels, Map<String, String> addresses) {

  /**
   * A link to another machine: Ethernet over UDP, see RFC 7348.
   *
   * @param node the switch whose bridge it is in
   * @param vni its identifier, the same at both ends
   * @param local this machine's address in the network below
   * @param remote the other machine's
   * @param link what it carries
   */
  public record Tunnel(String node, int vni, String local, String remote, String link) {
    private String iface() {
      return "vx" + vni;
    }

    private String text() {
      return local + " -- " + remote + " vni " + vni;
    }
  }

  /** Copies the collections. */
  public Part {
    tunnels = List.copyOf(tunnels);
    addresses = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
  }

  /**
   * Makes this machine's part what the value says; what is right already stays. If it was not there
   * before, it happens as a whole or not at all. The network below must be there: the addresses
   * themselves are not looked for.
   *
   * @param vnet of this machine
   * @return its network
   * @throws Vnet.UnsupportedException if the kernel has no vxlan; nothing was done
   */
  public Network apply(Vnet vnet) {
    return apply(vnet, false);
  }

  /**
   * Does the same with jails that stay when this program has ended.
   *
   * @param vnet of this machine
   * @return its network
   * @throws Vnet.UnsupportedException if the kernel has no vxlan; nothing was done
   */
  public Network persist(Vnet vnet) {
    return apply(vnet, true);
  }

  private Network apply(Vnet vnet, boolean persist) {
    if (!tunnels.isEmpty() && !vnet.has(org.vnet4j.Capability.VXLAN)) {
      throw new Vnet.UnsupportedException(
          "topology "
              + topology.name()
              + ": "
              + vnet.kernelVersion()
              + " has no VXLAN, which "
              + tunnels.size()
              + " links to other machines take");
    }
    boolean wasThere = Site.find(vnet, topology.name()).isPresent();
    try {
      removeOthers(vnet);
      Plan plan = topology.plan(vnet);
      Network network = (persist ? plan.persist() : plan).apply();
      tunnels.forEach(tunnel -> dig(vnet, network.node(tunnel.node()), tunnel));
      return network;
    } catch (RuntimeException e) {
      if (!wasThere) {
        try {
          destroy(vnet, topology.name());
        } catch (RuntimeException failed) {
          e.addSuppressed(failed);
        }
      }
      throw e;
    }
  }

  /** A tunnel is made where the network below is, and then given to its switch. */
  private static void dig(Vnet vnet, Jail jail, Tunnel tunnel) {
    Optional<NetInterface> there = find(jail);
    if (there.isPresent()) {
      NetInterface iface = there.get();
      if (iface.info().bridge() == null) {
        jail.bridge(Site.BRIDGE).add(iface);
      }
      iface.up();
      return;
    }
    try (Transaction tx = vnet.transaction()) {
      NetInterface made =
          tx.made(
              vnet.host()
                  .vxlan(tunnel.vni(), tunnel.local(), tunnel.remote())
                  .name(tunnel.iface())
                  .create());
      made.description(tunnel.text());
      jail.vnet(made);
      jail.bridge(Site.BRIDGE).add(made);
      made.up();
      tx.commit();
    }
  }

  private static Optional<NetInterface> find(Jail jail) {
    for (InterfaceInfo info : jail.ifconfig()) {
      if (info.kind().equals("vxlan")) {
        return Optional.of(jail.iface(info.name()));
      }
    }
    return Optional.empty();
  }

  /** Destroys the tunnels that are there and not as this part has them. */
  private void removeOthers(Vnet vnet) {
    for (Jail jail : Site.nodes(vnet, topology.name())) {
      find(jail)
          .filter(
              iface ->
                  tunnels.stream()
                      .noneMatch(
                          one ->
                              one.node().equals(Site.node(jail))
                                  && one.text().equals(iface.info().text())))
          .ifPresent(NetInterface::destroy);
    }
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
    if (Site.find(vnet, name).isPresent()) {
      Site.nodes(vnet, name).forEach(jail -> find(jail).ifPresent(NetInterface::destroy));
    }
    return Site.destroy(vnet, name, Progress.NONE);
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
      Map<String, PingResult> answers =
          network.node(node).pingAll(new ArrayList<>(addresses.values())).run();
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
