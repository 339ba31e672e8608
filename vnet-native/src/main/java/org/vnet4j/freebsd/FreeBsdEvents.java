// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.RouteAbi.*;
import static org.vnet4j.net.Errno.ENOBUFS;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.Fd;
import org.vnet4j.spi.EventSink;
import org.vnet4j.spi.EventSource;

/**
 * What the kernel tells the route sockets of one stack, see route(4). Messages of routes only say
 * that there is something to look for: the table lists more of a route than they tell.
 */
final class FreeBsdEvents implements EventSource {
  private static final int IFF_UP = 1;

  /** A closed source is noticed so late, in milliseconds: nothing else ends a wait. */
  private static final int SLICE = 100;

  /** The second half of a rename may come this much later than the first, in milliseconds. */
  private static final int RENAME = 100;

  private static final int MOST = 256;

  private final SocketCalls sockets;
  private final RouteCalls calls;
  private final Fd socket;
  private final Runnable whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Whether an address was said to go. So the kernel says too of an interface that goes down and
   * keeps its addresses; and where one goes, routes by a gateway go later and in silence.
   */
  private boolean unsettled;

  private boolean quiet;

  /** Takes over a route socket. */
  FreeBsdEvents(FreeBsdKernel kernel, Fd socket, Runnable whenClosed) {
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
          left = move.arrived() ? null : move; // a rename is a departure and an arrival
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

  /** An arrival does not tell whether it is up; an interface that is new is down. */
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

  /** What waited when some was lost is older than what will be read afresh. */
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
        address(change).ifPresent(address -> sink.address(change.index(), address, true));
      }
    } else if (message instanceof RouteMessage.Route) {
      sink.routesChanged();
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
