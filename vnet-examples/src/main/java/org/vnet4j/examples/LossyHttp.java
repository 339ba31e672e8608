// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.net.Shaping;
import org.vnet4j.probe.PingResult;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;

/**
 * Measures an HTTP client on a line that loses packets. If the kernel supports random loss (netem,
 * dummynet), the line has that; otherwise a slow line with a queue of ten packets loses bursts.
 */
public final class LossyHttp {
  private LossyHttp() {}

  /**
   * Runs the example.
   *
   * @param args none
   * @throws IOException if the page cannot be fetched
   */
  public static void main(String... args) throws IOException {
    byte[] page = new byte[50_000];
    new Random(1).nextBytes(page);
    try (Vnet vnet = Vnet.sandbox()) {
      Shaping bad =
          vnet.has(Capability.SHAPE_LOSS)
              ? Shaping.bitsPerSecond(10_000_000).loss(0.05)
              : Shaping.bitsPerSecond(500_000).queue(10);
      for (Shaping line : new Shaping[] {Shaping.NONE, bad}) {
        // Applying the topology again with another line changes only the line.
        Network lab = lab(line).apply(vnet);
        measure(line, lab.node("server"), lab.node("client"), page);
      }
    }
  }

  private static Topology lab(Shaping line) {
    return Topology.named("lab")
        .hosts("server", "client")
        .link(Link.between("server", "client").addresses("10.0.0.1/24", "10.0.0.2/24").shape(line))
        .build();
  }

  private static void measure(Shaping line, Jail server, Jail client, byte[] page)
      throws IOException {
    PingResult burst =
        client.ping("10.0.0.1").count(100).size(1400).interval(Duration.ofMillis(1)).run();
    try (ServerSocketChannel http = server.sockets().listen("10.0.0.1", 80)) {
      TinyHttp.serve(http, page);
      long start = System.nanoTime();
      byte[] got;
      try (SocketChannel channel =
          client.sockets().connect("10.0.0.1", 80, Duration.ofSeconds(2))) {
        got = TinyHttp.get(channel);
      }
      System.out.printf(
          "%s: %d of %d pings lost, page %s after %d ms%n",
          line.isNone() ? "good line" : line,
          burst.sent() - burst.received(),
          burst.sent(),
          Arrays.equals(got, page) ? "whole" : "broken",
          (System.nanoTime() - start) / 1_000_000);
    }
  }
}
