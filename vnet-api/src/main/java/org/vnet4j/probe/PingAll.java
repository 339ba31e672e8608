// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.net.IpText;
import org.vnet4j.spi.IcmpSocket;

/**
 * An ICMP echo probe of many addresses at once: one request to each, from one socket for each
 * version of IP. See fping(8).
 */
public final class PingAll {
  /**
   * Largest number of unanswered requests at a time: their replies must fit the socket's buffer.
   */
  private static final int WINDOW = 32;

  private static final int MAX_ADDRESSES = 0xffff;
  private static final int TRIES = 3;
  private static final int SIZE = 56;
  private static final int BUFFER = 2048;

  /** Longest single wait in nanoseconds, after which the interrupt status is checked. */
  private static final long SLICE = 100_000_000;

  private final Function<StandardProtocolFamily, IcmpSocket> sockets;
  private final List<InetAddress> destinations;
  private Duration timeout = Duration.ofSeconds(1);

  PingAll(
      Function<StandardProtocolFamily, IcmpSocket> sockets, Collection<InetAddress> destinations) {
    this.sockets = sockets;
    this.destinations = new ArrayList<>(new LinkedHashSet<>(destinations));
    if (this.destinations.size() > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          "pingAll: " + this.destinations.size() + " addresses, more than " + MAX_ADDRESSES);
    }
  }

  /**
   * Sets how long to wait for each reply; 1 s by default. An address that does not reply is tried
   * three times.
   *
   * @param time more than zero
   * @return this
   */
  public PingAll timeout(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("pingAll: timeout " + time);
    }
    timeout = time;
    return this;
  }

  /**
   * Sends the requests and collects the answers.
   *
   * @return the statistics of each address
   * @throws VnetException if no ICMP socket could be opened
   * @throws Vnet.InterruptException if the thread is interrupted; within 100 ms
   * @throws Vnet.ClosedException if the {@code Vnet} is closed meanwhile
   * @throws org.vnet4j.Jail.NotFoundException if the jail is removed meanwhile
   */
  public Map<InetAddress, PingResult> run() {
    List<Run> runs = new ArrayList<>();
    try {
      for (boolean ipv6 : new boolean[] {false, true}) {
        List<InetAddress> some =
            destinations.stream().filter(one -> one instanceof Inet6Address == ipv6).toList();
        if (!some.isEmpty()) {
          StandardProtocolFamily family =
              ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
          runs.add(new Run(sockets.apply(family), some, ipv6));
        }
      }
      Map<InetAddress, PingResult> results = new LinkedHashMap<>();
      List<Run> going = new ArrayList<>(runs);
      while (!going.isEmpty()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new Vnet.InterruptException("pinging " + destinations.size() + " addresses");
        }
        boolean busy = false;
        for (Run run : going) {
          busy |= run.step();
        }
        going.removeIf(Run::isDone);
        if (!busy && !going.isEmpty()) {
          await(going);
        }
      }
      runs.forEach(run -> run.report(results));
      return results;
    } finally {
      runs.forEach(run -> run.socket.close());
    }
  }

  /** Waits for a message, or until a request times out. */
  private static void await(List<Run> runs) {
    long now = System.nanoTime();
    long left = SLICE;
    for (Run run : runs) {
      left = Math.min(left, run.deadline() - now);
    }
    IcmpSocket other = runs.size() == 1 ? null : runs.get(1).socket;
    runs.get(0).socket.await(other, Duration.ofNanos(Math.max(1, left)));
  }

  /** The state of the probe of one address. */
  private static final class Asked {
    final InetAddress address;
    final int sequence;
    int tries;
    int sent;
    long sentAt;
    @Nullable Duration roundTrip;
    @Nullable String problem;

    Asked(InetAddress address, int sequence) {
      this.address = address;
      this.sequence = sequence;
    }

    boolean isUnexplained() {
      return roundTrip == null && problem == null;
    }

    PingResult result() {
      String name = IpText.of(address);
      return roundTrip == null
          ? new PingResult(name, sent, 0, 0, List.of(), Optional.ofNullable(problem))
          : new PingResult(name, 1, 1, 0, List.of(roundTrip), Optional.empty());
    }
  }

  private final class Run {
    private final IcmpSocket socket;
    private final IcmpEcho echo;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final List<Asked> all = new ArrayList<>();
    private final ArrayDeque<Asked> toAsk = new ArrayDeque<>();
    private final LinkedHashSet<Asked> waiting = new LinkedHashSet<>();

    /** How often the kernel had refused a neighbour when the first request timed out, or -1. */
    private long refused = -1;

    Run(IcmpSocket socket, List<InetAddress> addresses, boolean ipv6) {
      this.socket = socket;
      this.echo = new IcmpEcho(ipv6, SIZE);
      for (InetAddress address : addresses) {
        all.add(new Asked(address, all.size()));
      }
      toAsk.addAll(all);
    }

    /** Sends what may be sent and takes one message; returns whether there is more to do now. */
    boolean step() {
      while (maySend()) {
        send(toAsk.remove());
      }
      InetAddress from = waiting.isEmpty() ? null : socket.receive(buffer, Duration.ZERO);
      if (from != null) {
        take(from);
      }
      giveUp(System.nanoTime());
      return from != null || maySend();
    }

    private boolean maySend() {
      return waiting.size() < WINDOW && !toAsk.isEmpty();
    }

    boolean isDone() {
      return toAsk.isEmpty() && waiting.isEmpty();
    }

    /** Returns when the oldest request times out; there is one if there is nothing to do now. */
    long deadline() {
      return waiting.iterator().next().sentAt + timeout.toNanos();
    }

    void report(Map<InetAddress, PingResult> results) {
      if (refused >= 0
          && all.stream().anyMatch(Asked::isUnexplained)
          && socket.refusedNeighbours() != refused) {
        all.stream().filter(Asked::isUnexplained).forEach(one -> one.problem = tableFull(one));
      }
      all.forEach(one -> results.put(one.address, one.result()));
    }

    private static String tableFull(Asked one) {
      return "no answer; this machine's table of neighbours was full, see sysctl net."
          + (one.address instanceof Inet6Address ? "ipv6" : "ipv4")
          + ".neigh.default.gc_thresh3";
    }

    private void send(Asked one) {
      one.tries++;
      one.sentAt = System.nanoTime();
      Optional<KernelError> refusal = socket.send(echo.request(one.sequence), one.address, null);
      if (refusal.isPresent()) {
        one.problem = "sendto: " + refusal.get().text();
      } else {
        one.sent++;
        waiting.add(one);
      }
    }

    /**
     * Removes the requests that timed out. The set is in the order of sending: the oldest is first.
     */
    private void giveUp(long now) {
      Iterator<Asked> oldest = waiting.iterator();
      while (oldest.hasNext()) {
        Asked one = oldest.next();
        if (now - one.sentAt < timeout.toNanos()) {
          return;
        }
        if (refused < 0) {
          refused = socket.refusedNeighbours(); // the further tries would be refused too
        }
        oldest.remove();
        if (one.tries < TRIES) {
          toAsk.add(one);
        }
      }
    }

    private void take(InetAddress from) {
      long now = System.nanoTime();
      int sequence = echo.reply(buffer);
      if (sequence >= 0 && sequence < all.size()) {
        Asked one = all.get(sequence);
        if (one.address.equals(from) && one.tries > 0 && one.roundTrip == null) {
          one.roundTrip = Duration.ofNanos(now - one.sentAt);
          waiting.remove(one);
          toAsk.remove(one);
        }
        return;
      }
      int quoted = echo.quoted(buffer);
      if (quoted >= 0 && quoted < all.size() && waiting.remove(all.get(quoted))) {
        all.get(quoted).problem = echo.meaning(buffer) + " from " + IpText.of(from);
      }
    }
  }
}
