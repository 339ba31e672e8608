// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.vnet4j.NetworkStack;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.probe.Ping;

/**
 * One real packet or connection, which is sent to see whether it passes. Its text is {@code udp
 * h:4001 j:53} or {@code icmp h j 100}: protocol, source, destination, and bytes of data. The
 * letters name addresses: {@code h} and {@code i} of the host, {@code j} of the jail; capitals are
 * their IPv6 addresses.
 */
public record PacketProbe(String protocol, char from, int fromPort, char to, int toPort, int size) {
  static final Map<Character, String> ADDRESSES =
      Map.of(
          'h', "192.0.2.1",
          'i', "192.0.2.9",
          'j', "192.0.2.2",
          'H', "2001:db8::1",
          'I', "2001:db8::9",
          'J', "2001:db8::2");

  /** Longest wait for an expected packet, in milliseconds. */
  private static final long PATIENCE = 10_000;

  /**
   * How long no packet must arrive after a rule has counted it, in milliseconds. A kernel that lets
   * a packet pass delivers it as soon as it has counted it.
   */
  private static final long SILENCE = 60;

  /** The result of a probe. */
  public enum Outcome {
    PASSED,
    DROPPED,
    REFUSED
  }

  public static PacketProbe parse(String words) {
    String[] word = words.split(" ");
    int size = word.length > 3 ? Integer.parseInt(word[3]) : 8;
    return new PacketProbe(
        word[0], word[1].charAt(0), port(word[1]), word[2].charAt(0), port(word[2]), size);
  }

  private static int port(String end) {
    return end.length() < 3 ? 0 : Integer.parseInt(end.substring(2));
  }

  public boolean comesIn() {
    return Character.toLowerCase(from) != 'j';
  }

  /**
   * Sends the packet.
   *
   * @param host the host stack
   * @param jail the jail with the firewall
   * @param expected what is waited for
   * @param counted whether a rule of the firewall has counted a packet meanwhile. Where the packet
   *     is expected to be dropped, it is only over then: silence alone may mean that the packet is
   *     still on its way
   * @return what happened
   * @throws IOException if the sockets cannot be made
   */
  public Outcome fire(
      NetworkStack host, NetworkStack jail, Outcome expected, Callable<Boolean> counted)
      throws IOException {
    NetworkStack sender = comesIn() ? host : jail;
    NetworkStack receiver = comesIn() ? jail : host;
    return switch (protocol) {
      case "udp" -> udp(sender, receiver, expected, counted);
      case "tcp" -> tcp(sender, receiver, expected, counted);
      default -> icmp(sender, expected, counted);
    };
  }

  /** Waits until something comes, or until it is certain that nothing does. */
  private boolean comes(
      SelectableChannel channel, int what, Outcome expected, Callable<Boolean> counted)
      throws IOException {
    if (expected != Outcome.DROPPED) {
      return await(channel, what, PATIENCE);
    }
    Await.until(this + " is counted", () -> counted.call() || await(channel, what, 1));
    return await(channel, what, SILENCE);
  }

  private InetSocketAddress source() {
    return new InetSocketAddress(IpLiteral.parse(ADDRESSES.get(from)), fromPort);
  }

  private InetSocketAddress destination() {
    return new InetSocketAddress(IpLiteral.parse(ADDRESSES.get(to)), toPort);
  }

  private Outcome udp(
      NetworkStack sender, NetworkStack receiver, Outcome expected, Callable<Boolean> counted)
      throws IOException {
    try (DatagramChannel there = receiver.sockets().bind(ADDRESSES.get(to), toPort);
        DatagramChannel here = sender.sockets().bind(ADDRESSES.get(from), fromPort)) {
      here.connect(destination());
      ByteBuffer data = ByteBuffer.allocate(size);
      try {
        here.write(data);
      } catch (PortUnreachableException e) {
        return Outcome.REFUSED;
      } catch (IOException e) {
        return Outcome.DROPPED; // the sender's own firewall denies it
      }
      boolean refused = expected == Outcome.REFUSED;
      if (comes(refused ? here : there, SelectionKey.OP_READ, expected, counted)) {
        try {
          (refused ? here : there).receive(ByteBuffer.allocate(2000));
          return Outcome.PASSED;
        } catch (PortUnreachableException e) {
          return Outcome.REFUSED;
        }
      }
      return Outcome.DROPPED;
    }
  }

  private Outcome tcp(
      NetworkStack sender, NetworkStack receiver, Outcome expected, Callable<Boolean> counted)
      throws IOException {
    try (ServerSocketChannel there = receiver.sockets().listen(ADDRESSES.get(to), toPort);
        SocketChannel here = sender.sockets().tcp()) {
      here.bind(source());
      here.configureBlocking(false);
      try {
        if (here.connect(destination())
            || comes(here, SelectionKey.OP_CONNECT, expected, counted) && here.finishConnect()) {
          here.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
          return Outcome.PASSED;
        }
      } catch (ConnectException e) {
        return Outcome.REFUSED;
      }
      return Outcome.DROPPED;
    }
  }

  /** Repeats a request that nobody answers until a rule has counted one. */
  private Outcome icmp(NetworkStack sender, Outcome expected, Callable<Boolean> counted) {
    boolean comes = expected == Outcome.PASSED;
    Ping ping = sender.ping(ADDRESSES.get(to)).count(1).size(size);
    ping.timeout(Duration.ofMillis(comes ? PATIENCE : SILENCE));
    boolean answered = ping.run().isAnswered();
    if (!answered && expected == Outcome.DROPPED) {
      Await.until(this + " is counted", () -> counted.call() || ping.run().isAnswered());
      answered = ping.run().isAnswered();
    }
    return answered ? Outcome.PASSED : expected == Outcome.PASSED ? Outcome.DROPPED : expected;
  }

  private static boolean await(SelectableChannel channel, int what, long millis)
      throws IOException {
    boolean blocking = channel.isBlocking();
    channel.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      SelectionKey key = channel.register(selector, what);
      boolean ready = selector.select(millis) > 0;
      key.cancel();
      selector.selectNow();
      if (blocking) {
        channel.configureBlocking(true);
      }
      return ready;
    }
  }
}
