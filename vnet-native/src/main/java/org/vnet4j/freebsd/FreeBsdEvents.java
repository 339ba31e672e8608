// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.route.RouteAbi.*;
import static org.vnet4j.net.Errno.ENOBUFS;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.route.RouteCalls;
import org.vnet4j.freebsd.route.RouteMessage;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.spi.EventSink;
import org.vnet4j.spi.EventSource;

/**
 * The events of one stack, read from a routing socket, see route(4). A route message only signals
 * that the routes changed; the routing table, which contains more of a route than the message, has
 * to be read again.
 */
final class FreeBsdEvents implements EventSource {
  private static final int IFF_UP = 1;

  /**
   * Interval in milliseconds at which a wait checks whether the source was closed. Closing the
   * socket does not wake a waiting thread.
   */
  private static final int SLICE = 100;

  /** Time in milliseconds within which the second half of a rename follows the first. */
  private static final int RENAME = 100;

  private static final int MOST = 256;

  private final SocketCalls sockets;
  private final RouteCalls calls;
  private final Fd socket;
  private final Runnable whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Whether the deletion of an address was reported and the addresses must be read again. The
   * kernel reports a deletion also when an interface is set down and keeps its addresses. After a
   * real deletion it removes the routes through a gateway later and without a message.
   */
  private boolean unsettled;

  private boolean quiet;

  /** Takes ownership of a routing socket. */
  FreeBsdEvents(Syscalls kernel, Fd socket, Runnable whenClosed) {
    this.sockets = new SocketCalls(kernel);
    this.calls = new RouteCalls(kernel);
    this.socket = socket;
    this.whenClosed = whenClosed;
  }

  @Override
  public boolean await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (isOpen() && System.nanoTime() < deadline) {
      quiet = !socket.use(fd -> sockets.readable(fd, SLICE));
      if (!quiet || unsettled) {
        return isOpen();
      }
    }
    return false;
  }

  @Override
  public void read(EventSink sink) {
    if (unsettled && quiet) {
      sink.addressesChanged();
      unsettled = false;
    }
    RouteMessage.InterfaceMove left = null;
    for (int i = 0; i < MOST; i++) {
      List<RouteMessage> messages = next(sink, left == null ? 0 : RENAME);
      if (messages.isEmpty()) {
        break;
      }
      for (RouteMessage message : messages) {
        if (message instanceof RouteMessage.InterfaceMove move) {
          if (left != null && left.index() != move.index()) {
            sink.gone(left.index());
          }
          left = move.arrived() ? null : move; // a rename reports both
          if (move.arrived()) {
            arrived(sink, move);
          }
        } else {
          tell(sink, message);
        }
      }
    }
    if (left != null) {
      sink.gone(left.index());
    }
  }

  /** Reports an arrival. The message lacks the interface's flags; a new interface is down. */
  private static void arrived(EventSink sink, RouteMessage.InterfaceMove move) {
    sink.link(move.index(), move.name(), sink.isUp(move.index()));
  }

  private List<RouteMessage> next(EventSink sink, int patience) {
    try {
      return socket.use(fd -> sockets.readable(fd, patience) ? calls.read(fd) : List.of());
    } catch (VnetException e) {
      if (!e.isErrno(ENOBUFS)) {
        throw e;
      }
      drain();
      sink.missed();
      return List.of();
    }
  }

  /**
   * Discards the queued messages after an overflow. They are older than the state that is read
   * next.
   */
  private void drain() {
    while (socket.use(fd -> sockets.readable(fd, 0))) {
      try {
        socket.use(calls::read);
      } catch (VnetException e) {
        if (!e.isErrno(ENOBUFS)) {
          throw e;
        }
      }
    }
  }

  private void tell(EventSink sink, RouteMessage message) {
    if (message instanceof RouteMessage.InterfaceChange change) {
      sink.link(change.index(), null, (change.flags() & IFF_UP) != 0);
    } else if (message instanceof RouteMessage.AddressChange change) {
      if (change.type() == RTM_DELADDR) {
        sink.addressesChanged();
        unsettled = true;
      } else if (change.type() == RTM_NEWADDR) {
        address(change).ifPresent(address -> addressed(sink, change.index(), address));
      }
    } else if (message instanceof RouteMessage.Route) {
      sink.routesChanged();
    }
  }

  /**
   * Reports a new address, and that its interface is up: the address sets it up, which FreeBSD 13
   * does not announce ({@code ifioctl} in net/if.c).
   */
  private static void addressed(EventSink sink, int index, Cidr address) {
    sink.address(index, address, true);
    if (sink.name(index) != null) {
      sink.link(index, null, true);
    }
  }

  static Optional<Cidr> address(RouteMessage.AddressChange change) {
    return change
        .address()
        .map(FreeBsdRoutes::plain)
        .map(
            address ->
                new Cidr(address, change.prefixLength().orElse(8 * address.getAddress().length)));
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      socket.close();
      whenClosed.run();
    }
  }
}
