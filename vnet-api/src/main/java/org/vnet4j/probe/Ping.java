// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;
import org.vnet4j.net.Names;
import org.vnet4j.spi.IcmpSocket;

/**
 * An ICMP echo probe from a network stack, without the program ping: {@code
 * host.ping("192.0.2.2").count(2).run()}. See ping(8).
 */
public final class Ping {
  private static final int MAX_SIZE = 65507;

  /** Largest ICMPv6 error in bytes: the minimum MTU of IPv6 (RFC 4443). */
  private static final int LONGEST_ERROR = 1280;

  /** Longest single wait in nanoseconds, after which the interrupt status is checked. */
  private static final long SLICE = 100_000_000;

  private final Function<StandardProtocolFamily, IcmpSocket> sockets;
  private final InetAddress destination;
  private final @Nullable String zone;
  private @Nullable InetAddress source;
  private int count = 3;
  private int size = 56;
  private Duration interval = Duration.ofMillis(200);
  private Duration timeout = Duration.ofSeconds(2);

  /** A link-local address carries its zone: the name of an interface of the stack. */
  Ping(Function<StandardProtocolFamily, IcmpSocket> sockets, String destination) {
    this(sockets, IpLiteral.parse(withoutZone(destination)), zone(destination));
  }

  Ping(Function<StandardProtocolFamily, IcmpSocket> sockets, InetAddress destination) {
    this(sockets, destination, null);
  }

  private Ping(
      Function<StandardProtocolFamily, IcmpSocket> sockets,
      InetAddress destination,
      @Nullable String zone) {
    this.sockets = sockets;
    this.destination = destination;
    this.zone = zone;
    if (zone == null && destination.isLinkLocalAddress() && isIpv6()) {
      throw new IllegalArgumentException(
          "\""
              + IpText.of(destination)
              + "\" is link-local: write it with its interface, as in fe80::1%epair0a");
    }
  }

  private static String withoutZone(String destination) {
    int percent = destination.indexOf('%');
    return percent < 0 ? destination : destination.substring(0, percent);
  }

  private static @Nullable String zone(String destination) {
    int percent = destination.indexOf('%');
    return percent < 0 ? null : Names.interfaceName(destination.substring(percent + 1));
  }

  /**
   * Sets the source address of the requests. By default the kernel chooses it.
   *
   * @param address an address of the stack, of the destination's IP version
   * @return this
   */
  public Ping source(String address) {
    return source(IpLiteral.parse(address));
  }

  /**
   * Sets the source address of the requests. By default the kernel chooses it.
   *
   * @param address an address of the stack, of the destination's IP version
   * @return this
   */
  public Ping source(InetAddress address) {
    if (address.getAddress().length != destination.getAddress().length) {
      throw new IllegalArgumentException(
          "ping: source "
              + IpText.of(address)
              + " is of another IP version than "
              + IpText.of(destination));
    }
    source = address;
    return this;
  }

  /**
   * Sets how many requests to send; 3 without it.
   *
   * @param requests 1 to 65535
   * @return this
   */
  public Ping count(int requests) {
    if (requests < 1 || requests > 0xffff) {
      throw new IllegalArgumentException("ping: count " + requests + " is not in 1..65535");
    }
    count = requests;
    return this;
  }

  /**
   * Sets the time between two requests; 200 ms without it.
   *
   * @param time zero or more. With zero, each request is sent as soon as the previous request is
   *     answered, fails or times out ({@link #timeout}), as with {@code ping -A} of Linux
   * @return this
   */
  public Ping interval(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("ping: negative interval " + time);
    }
    interval = time;
    return this;
  }

  /**
   * Sets how long to wait for the answers after the last request, and with an interval of zero
   * after each; 2 s without it.
   *
   * @param time more than zero
   * @return this
   */
  public Ping timeout(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("ping: timeout " + time);
    }
    timeout = time;
    return this;
  }

  /**
   * Sets how many bytes of data a request carries; 56 without it.
   *
   * @param bytes 0 to 65507
   * @return this
   */
  public Ping size(int bytes) {
    if (bytes < 0 || bytes > MAX_SIZE) {
      throw new IllegalArgumentException("ping: size " + bytes + " is not in 0.." + MAX_SIZE);
    }
    size = bytes;
    return this;
  }

  /**
   * Sends the requests and collects the answers.
   *
   * @return the statistics; a failure to send is part of them, not an error
   * @throws VnetException if no ICMP socket could be opened
   * @throws Vnet.InterruptException if the thread is interrupted; within 100 ms
   * @throws Vnet.ClosedException if the {@code Vnet} is closed meanwhile
   * @throws org.vnet4j.Jail.NotFoundException if the jail is removed meanwhile
   * @throws org.vnet4j.NetInterface.AddressNotFoundException if the stack does not have the source
   */
  public PingResult run() {
    StandardProtocolFamily family =
        isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    try (IcmpSocket socket = sockets.apply(family)) {
      if (source != null) {
        socket.bind(source);
      }
      return new Run(socket).run();
    }
  }

  private boolean isIpv6() {
    return destination instanceof Inet6Address;
  }

  private final class Run {
    private final IcmpSocket socket;
    private final IcmpEcho echo = new IcmpEcho(isIpv6(), size);

    /** Holds a reply as long as the request, or an error that quotes part of it. */
    private final ByteBuffer buffer =
        ByteBuffer.allocate(IcmpEcho.HEADER + Math.max(size, LONGEST_ERROR));

    private final long[] sentAt = new long[count];
    private final BitSet answered = new BitSet();
    private final BitSet refused = new BitSet();
    private final List<Duration> roundTrips = new ArrayList<>();
    private int asked;
    private int sent;
    private int duplicates;
    private @Nullable String problem;

    Run(IcmpSocket socket) {
      this.socket = socket;
    }

    PingResult run() {
      for (int sequence = 0; sequence < count; sequence++) {
        sentAt[sequence] = System.nanoTime();
        asked++;
        Optional<KernelError> refusal = socket.send(echo.request(sequence), destination, zone);
        if (refusal.isPresent()) {
          problem = "sendto: " + refusal.get().text();
          refused.set(sequence);
        } else {
          sent++;
        }
        int one = sequence;
        if (interval.isZero()) {
          listen(timeout, () -> isSettled(one));
        } else if (sequence < count - 1) {
          listen(interval, () -> false);
        } else {
          listen(timeout, () -> answered.cardinality() + refused.cardinality() >= count);
        }
      }
      String name = zone == null ? IpText.of(destination) : IpText.of(destination) + "%" + zone;
      return new PingResult(
          name, sent, answered.cardinality(), duplicates, roundTrips, Optional.ofNullable(problem));
    }

    private boolean isSettled(int sequence) {
      return answered.get(sequence) || refused.get(sequence);
    }

    /** Receives replies for a time, or until no further reply is expected. */
    private void listen(Duration time, BooleanSupplier enough) {
      long deadline = System.nanoTime() + time.toNanos();
      while (!enough.getAsBoolean()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new Vnet.InterruptException("pinging " + IpText.of(destination));
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        InetAddress from = socket.receive(buffer, Duration.ofNanos(Math.min(left, SLICE)));
        if (from != null) {
          take(from);
        }
      }
    }

    private void take(InetAddress from) {
      long now = System.nanoTime();
      int sequence = echo.reply(buffer);
      if (sequence >= 0 && sequence < asked) {
        if (answered.get(sequence)) {
          duplicates++;
        } else {
          answered.set(sequence);
          refused.clear(sequence);
          roundTrips.add(Duration.ofNanos(now - sentAt[sequence]));
        }
        return;
      }
      int quoted = echo.quoted(buffer);
      if (quoted >= 0 && quoted < asked && !answered.get(quoted)) {
        problem = echo.meaning(buffer) + " from " + IpText.of(from);
        refused.set(quoted);
      }
    }
  }
}
