// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/** Two sites with the same addresses, and one program that connects to both at the same time. */
public final class TwoSites {
  private TwoSites() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if a site does not answer
   */
  public static void main(String... args) throws IOException {
    try (Vnet vnet = Vnet.sandbox();
        Network berlin = site("berlin").apply(vnet);
        Network paris = site("paris").apply(vnet);
        ServerSocketChannel one = berlin.node("nas").sockets().listen("192.168.1.10", 80);
        ServerSocketChannel other = paris.node("nas").sockets().listen("192.168.1.10", 80)) {
      TinyHttp.serve(one, "Guten Tag".getBytes(StandardCharsets.UTF_8));
      TinyHttp.serve(other, "Bonjour".getBytes(StandardCharsets.UTF_8));
      try (SocketChannel toBerlin = connect(berlin);
          SocketChannel toParis = connect(paris)) {
        System.out.println("berlin, " + text(toBerlin));
        System.out.println("paris, " + text(toParis));
      }
    }
  }

  private static Topology site(String name) {
    return Topology.named(name)
        .hosts("nas", "pc")
        .link("nas", "192.168.1.10/24", "pc", "192.168.1.20/24")
        .build();
  }

  private static SocketChannel connect(Network site) throws IOException {
    return site.node("pc").sockets().connect("192.168.1.10", 80, Duration.ofSeconds(2));
  }

  private static String text(SocketChannel channel) throws IOException {
    String ends = channel.getLocalAddress() + " -> " + channel.getRemoteAddress();
    return ends + ": " + new String(TinyHttp.get(channel), StandardCharsets.UTF_8);
  }
}
