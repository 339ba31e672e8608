// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.probe.PingResult;

/** Sends a probe from one stack to a listener in another, and determines its outcome. */
final class Prober {
  private final StackReplica replica;
  private final Duration patience;

  Prober(StackReplica replica, Duration patience) {
    this.replica = replica;
    this.patience = patience;
  }

  /**
   * Sends a probe.
   *
   * @param listener where the listener of TCP and UDP is: the probe's destination, or where a
   *     translation leads
   */
  Outcome send(Probe probe, InetSocketAddress listener) {
    NetworkStack from = replica.at(probe.from());
    NetworkStack to = replica.at(listener.getAddress());
    try {
      return switch (probe.kind()) {
        case PING -> ping(probe, from);
        case TCP -> tcp(probe, from, to, listener);
        case UDP -> udp(probe, from, to, listener);
      };
    } catch (IOException e) {
      throw new VnetException(probe + ": " + e.getMessage(), e);
    }
  }

  private Outcome ping(Probe probe, NetworkStack from) {
    PingResult result = from.ping(probe.to()).source(probe.from()).count(1).timeout(patience).run();
    if (result.isAnswered()) {
      return Outcome.PASSED;
    }
    boolean told = result.sent() > 0 && result.problem().isPresent();
    return told ? Outcome.REFUSED : Outcome.DROPPED;
  }

  /** Opens a connection, and resets it: a packet that closes it would meet the next probe. */
  private Outcome tcp(Probe probe, NetworkStack from, NetworkStack to, InetSocketAddress listener)
      throws IOException {
    try (ServerSocketChannel server = to.sockets().tcpServer();
        SocketChannel client = from.sockets().tcp()) {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
      server.bind(listener);
      client.bind(new InetSocketAddress(probe.from(), 0));
      client.configureBlocking(false);
      try {
        boolean open =
            client.connect(new InetSocketAddress(probe.to(), probe.port()))
                || ready(client, SelectionKey.OP_CONNECT) && client.finishConnect();
        return open ? Outcome.PASSED : Outcome.DROPPED;
      } catch (ConnectException | NoRouteToHostException e) {
        return refusal(e);
      }
    }
  }

  private Outcome udp(Probe probe, NetworkStack from, NetworkStack to, InetSocketAddress listener)
      throws IOException {
    try (DatagramChannel server = to.sockets().udp();
        DatagramChannel client = from.sockets().udp()) {
      server.bind(listener);
      client.bind(new InetSocketAddress(probe.from(), 0));
      client.connect(new InetSocketAddress(probe.to(), probe.port()));
      try {
        client.write(ByteBuffer.wrap(new byte[] {'p'}));
      } catch (IOException e) {
        return refusal(e);
      }
      server.configureBlocking(false);
      client.configureBlocking(false);
      if (ready(server, SelectionKey.OP_READ)) {
        return Outcome.PASSED;
      }
      try {
        client.read(ByteBuffer.allocate(1));
        return Outcome.DROPPED;
      } catch (PortUnreachableException | ConnectException | NoRouteToHostException e) {
        return Outcome.REFUSED;
      }
    }
  }

  /** A send(2) that the sender's own kernel refuses counts as a dropped packet. */
  private static Outcome refusal(IOException e) {
    String text = String.valueOf(e.getMessage());
    boolean own = text.contains("Permission denied") || text.contains("not permitted");
    return own ? Outcome.DROPPED : Outcome.REFUSED;
  }

  private boolean ready(SelectableChannel channel, int operation) throws IOException {
    try (Selector selector = Selector.open()) {
      SelectionKey key = channel.register(selector, operation);
      int selected = selector.select(Math.max(1, patience.toMillis()));
      if (Thread.currentThread().isInterrupted()) {
        throw new Vnet.InterruptException("probing");
      }
      key.cancel();
      selector.selectNow();
      return selected > 0;
    }
  }
}
