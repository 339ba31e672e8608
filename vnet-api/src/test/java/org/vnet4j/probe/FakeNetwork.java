// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import static org.vnet4j.net.Errno.EACCES;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.spi.IcmpSocket;

/** A socket into a network that answers as the test specifies. */
final class FakeNetwork implements IcmpSocket {
  static final InetAddress PEER = IpLiteral.parse("192.0.2.2");
  static final InetAddress ROUTER = IpLiteral.parse("192.0.2.254");

  /** Returns the answers to a request, in their order. */
  private final BiFunction<Integer, byte[], List<Packet>> answers;

  private final Deque<Packet> waiting = new ArrayDeque<>();
  final List<byte[]> requests = new ArrayList<>();
  @Nullable InetAddress bound;
  @Nullable String zone;
  int refusedFrom = Integer.MAX_VALUE;

  /** How often a wait for an answer ended without one. */
  int silences;

  Runnable whenAwaited = () -> {};
  boolean closed;
  long refusedNeighbours;

  FakeNetwork(BiFunction<Integer, byte[], List<Packet>> answers) {
    this.answers = answers;
  }

  record Packet(InetAddress from, byte[] message) {}

  /** Makes the reply to a request. */
  static Packet reply(byte[] request) {
    byte[] reply = request.clone();
    reply[0] = (byte) ((request[0] & 0xff) == 128 ? 129 : 0);
    return new Packet(PEER, reply);
  }

  /** Makes a router's error message, which quotes an IPv4 request. */
  static Packet error(int type, int code, byte[] request) {
    ByteBuffer message = ByteBuffer.allocate(8 + 20 + 8);
    message.put((byte) type).put((byte) code).position(8);
    message.put((byte) 0x45).position(28);
    message.put(request, 0, 8);
    return new Packet(ROUTER, message.array());
  }

  @Override
  public void bind(InetAddress source) {
    bound = source;
  }

  @Override
  public Optional<KernelError> send(
      ByteBuffer message, InetAddress destination, @Nullable String zone) {
    this.zone = zone;
    byte[] request = new byte[message.remaining()];
    message.get(request);
    int number = requests.size();
    requests.add(request);
    if (number >= refusedFrom) {
      return Optional.of(
          KernelError.of("sendto", destination.toString(), 13, EACCES, "Permission denied"));
    }
    waiting.addAll(answers.apply(number, request));
    return Optional.empty();
  }

  @Override
  public @Nullable InetAddress receive(ByteBuffer buffer, Duration timeout) {
    if (waiting.isEmpty() && !timeout.isZero()) {
      await(null, timeout);
    }
    Packet next = waiting.poll();
    if (next == null) {
      return null;
    }
    buffer.clear();
    buffer.put(next.message()).flip();
    return next.from();
  }

  /** Waits all the time: only a request has an answer. */
  @Override
  public void await(@Nullable IcmpSocket other, Duration timeout) {
    silences++;
    whenAwaited.run();
    try {
      Thread.sleep(Math.max(1, timeout.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public long refusedNeighbours() {
    return refusedNeighbours;
  }

  @Override
  public void close() {
    closed = true;
  }
}
