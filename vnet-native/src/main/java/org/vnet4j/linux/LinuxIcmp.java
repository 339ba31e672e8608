// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.linux.rtnetlink.NeighbourTableMessages;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.socket.RawIcmpSocket;
import org.vnet4j.spi.IcmpSocket;
import org.vnet4j.spi.KernelErrors;

/**
 * The raw ICMP sockets of one stack. Opening a socket takes the helper and twenty times as long as
 * a ping; so one idle socket of each family is kept for the next probe, until the stack is closed.
 */
final class LinuxIcmp implements AutoCloseable {
  private static final SocketKind ICMP = new SocketKind(2, 3, 1);
  private static final SocketKind ICMPV6 = new SocketKind(10, 3, 58);

  private final LinuxStack stack;
  private final AtomicReference<@Nullable RawIcmpSocket> idle4 = new AtomicReference<>();
  private final AtomicReference<@Nullable RawIcmpSocket> idle6 = new AtomicReference<>();
  private volatile boolean closed;

  LinuxIcmp(LinuxStack stack) {
    this.stack = stack;
  }

  /** Lends a socket with an empty queue: the idle one, or else a new one. */
  IcmpSocket lend(StandardProtocolFamily family) {
    boolean ipv6 = family == StandardProtocolFamily.INET6;
    AtomicReference<@Nullable RawIcmpSocket> home = ipv6 ? idle6 : idle4;
    RawIcmpSocket idle = home.getAndSet(null);
    if (idle != null) {
      idle.drain();
    }
    return new Lent(idle != null ? idle : open(ipv6), home, ipv6);
  }

  private RawIcmpSocket open(boolean ipv6) {
    return stack.openIcmp(ipv6 ? ICMPV6 : ICMP, ipv6);
  }

  /** Closes the idle sockets. An open socket would keep the namespace of a removed jail alive. */
  @Override
  public void close() {
    closed = true;
    close(idle4);
    close(idle6);
  }

  private static void close(AtomicReference<@Nullable RawIcmpSocket> home) {
    RawIcmpSocket idle = home.getAndSet(null);
    if (idle != null) {
      idle.close();
    }
  }

  private final class Lent implements IcmpSocket {
    private final RawIcmpSocket socket;
    private final AtomicReference<@Nullable RawIcmpSocket> home;
    private final boolean ipv6;
    private final AtomicBoolean returned = new AtomicBoolean();
    private boolean bound;

    Lent(RawIcmpSocket socket, AtomicReference<@Nullable RawIcmpSocket> home, boolean ipv6) {
      this.socket = socket;
      this.home = home;
      this.ipv6 = ipv6;
    }

    /** Binds the socket. That cannot be undone, so a bound socket is not kept. */
    @Override
    public void bind(InetAddress source) {
      bound = true;
      socket.bind(source);
    }

    @Override
    public Optional<KernelError> send(
        ByteBuffer message, InetAddress destination, @Nullable String zone) {
      return socket.send(message, destination, zone);
    }

    @Override
    public long refusedNeighbours() {
      return stack.ask(
          KernelErrors::of,
          exchange -> {
            NeighbourTableMessages.dump(exchange.out().clear(), ipv6);
            List<Long> counts =
                exchange.dump("RTM_GETNEIGHTBL", "neighbours", NeighbourTableMessages::tableFulls);
            return counts.stream().mapToLong(Long::longValue).sum();
          });
    }

    @Override
    public @Nullable InetAddress receive(ByteBuffer buffer, Duration timeout) {
      return socket.receive(buffer, timeout);
    }

    @Override
    public void await(@Nullable IcmpSocket other, Duration timeout) {
      socket.await(other == null ? null : ((Lent) other).socket, timeout);
    }

    @Override
    public void close() {
      if (!returned.compareAndSet(false, true)) {
        return;
      }
      if (bound || !home.compareAndSet(null, socket)) {
        socket.close();
      } else if (closed) {
        LinuxIcmp.close(home);
      }
    }
  }
}
