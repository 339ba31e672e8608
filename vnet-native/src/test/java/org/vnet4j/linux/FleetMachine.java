// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Part;
import org.vnet4j.topology.Reachability;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topology;
import org.vnet4j.topology.TunnelKind;

/**
 * One machine of a fleet, a program in namespaces of its own. It waits on standard input for three
 * orders: that the network below is connected, to ping, and to end. It prints the result of each.
 *
 * <p>Arguments: its name, its address with the prefix length, the kind of tunnel.
 */
final class FleetMachine {
  private FleetMachine() {}

  /**
   * Returns a network on three machines: two hosts and a router at a switch, and a third host
   * behind the router.
   */
  static Spread spread() {
    Topology lab =
        Topology.named("lab")
            .switches("sw")
            .routers("r1")
            .hosts("web", "db", "away")
            .link(Link.between("web", "sw").mtu(1450))
            .link(Link.between("db", "sw").mtu(1450))
            .link(Link.between("r1", "sw").mtu(1450))
            .link(Link.between("r1", "away").mtu(1450))
            .build()
            .addressed("10.0.0.0/16")
            .routed();
    return Spread.of(lab)
        .machine("alpha", "198.51.100.1", "web", "sw", "r1")
        .machine("beta", "198.51.100.2", "db")
        .machine("gamma", "198.51.100.3", "away");
  }

  /**
   * Returns the indexes of the tunnels' interfaces, which change if an interface is created anew.
   */
  private static List<Integer> tunnels(Part part, Network network) {
    return part.tunnels().stream()
        .map(one -> network.node(one.node()).iface(name(one)).info().index())
        .toList();
  }

  private static String name(Part.Tunnel tunnel) {
    return (tunnel.kind() == TunnelKind.VXLAN ? "vx" : "gre") + tunnel.number();
  }

  /**
   * Lists all that exists, without the interfaces that the gre module puts into every namespace.
   */
  private static List<String> picture() throws IOException {
    return KillArena.picture().stream()
        .filter(one -> !one.matches("interface (gre|gretap|erspan)0"))
        .toList();
  }

  public static void main(String[] args) throws Exception {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    Part part = spread().tunnels(TunnelKind.valueOf(args[2])).part(args[0]);
    try (Vnet vnet = Vnet.builder().application("fleet").open()) {
      System.out.println("ready");
      orders.readLine();
      vnet.host().iface("below").inet(args[1]).up();
      int before = picture().size();
      List<Integer> made = tunnels(part, part.apply(vnet));
      Network network = part.apply(vnet); // the second apply must change nothing
      boolean same = made.equals(tunnels(part, network)) && part.plan(vnet).isEmpty();
      System.out.println(same ? "applied" : "applied, but " + made + part.plan(vnet));
      orders.readLine();
      Reachability all = // answers may arrive late
          Await.until(() -> part.pingAll(network), Reachability::isComplete);
      System.out.println(all.isComplete() ? all.pairs() + " reached" : all.toString());
      orders.readLine();
      Part.destroy(vnet, "lab");
      int left = picture().size() - before;
      System.out.println(left == 0 ? "gone" : "left: " + picture());
    }
    System.exit(0);
  }
}
