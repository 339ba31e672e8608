// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/**
 * A soft router with a firewall: it passes all traffic from inside, and from outside only that to
 * the web server.
 */
public final class SoftRouter {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private SoftRouter() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if a port cannot be opened
   */
  public static void main(String... args) throws IOException {
    Topology office =
        Topology.named("office")
            .routers("gateway")
            .hosts("web", "world")
            .link("gateway", "10.0.0.1/24", "web", "10.0.0.80/24")
            .link("gateway", "192.0.2.1/24", "world", "192.0.2.2/24")
            .build()
            .routed();
    try (Vnet vnet = Vnet.sandbox()) {
      vnet.modules().loadIpfw(Action.Plain.ALLOW);
      Network network = office.apply(vnet);
      Ipfw ipfw = network.node("gateway").ipfw();
      ipfw.add("100 check-state");
      ipfw.add("200 allow ip from 10.0.0.0/24 to any keep-state");
      ipfw.add("300 allow tcp from any to 10.0.0.80 80 setup keep-state");
      ipfw.add("400 deny ip from any to any");

      Jail web = network.node("web");
      Jail world = network.node("world");
      try (ServerSocketChannel http = web.sockets().listen("10.0.0.80", 80);
          ServerSocketChannel ssh = web.sockets().listen("10.0.0.80", 22)) {
        System.out.println("world pings web: " + pings(world, "10.0.0.80"));
        // For some seconds from now on ICMP between these two passes: it has no ports.
        System.out.println("web pings world: " + pings(web, "192.0.2.2"));
        System.out.println("world to port 80: " + connects(world, 80));
        System.out.println("world to port 22: " + connects(world, 22));
      }
      ipfw.list().forEach(rule -> System.out.println(rule.show()));
    }
  }

  private static boolean pings(Jail jail, String address) {
    return jail.ping(address).count(1).timeout(PATIENCE).run().isAnswered();
  }

  private static boolean connects(Jail jail, int port) {
    try (SocketChannel channel = jail.sockets().connect("10.0.0.80", port, PATIENCE)) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
