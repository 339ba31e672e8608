// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.route;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.EAGAIN;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOBUFS;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ESRCH;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Memory;

/**
 * Reads and changes the routes of a routing socket's stack, see route(4).
 *
 * <p>The socket must be non-blocking and used by one thread only. The result of write(2) is the
 * answer to a change; only a query waits for a message.
 */
public final class RouteCalls {
  private static final AtomicInteger SEQUENCE = new AtomicInteger();
  private static final int ROOM = 2048;
  private static final int WAIT = 5_000;

  private final Syscalls kernel;
  private final SocketCalls sockets;

  public RouteCalls(Syscalls kernel) {
    this.kernel = kernel;
    sockets = new SocketCalls(kernel);
  }

  /**
   * Adds a route through a gateway. EEXIST: the route exists; ENETUNREACH: the gateway is
   * unreachable.
   */
  public void add(int socket, Cidr destination, InetAddress gateway) {
    Memory request = RouteRequest.add(destination, gateway, SEQUENCE.incrementAndGet());
    write(socket, "RTM_ADD", destination + " via " + gateway.getHostAddress(), request);
  }

  /** Adds a route to a network that is directly on an interface, given by its index. */
  public void add(int socket, Cidr destination, int index) {
    Memory request = RouteRequest.add(destination, index, SEQUENCE.incrementAndGet());
    write(socket, "RTM_ADD", destination + " on interface " + index, request);
  }

  /** Replaces the gateway of a route. ESRCH: no such route. */
  void change(int socket, Cidr destination, InetAddress gateway) {
    Memory request = RouteRequest.change(destination, gateway, SEQUENCE.incrementAndGet());
    write(socket, "RTM_CHANGE", destination + " via " + gateway.getHostAddress(), request);
  }

  /** Deletes a route. ESRCH: no such route. */
  public void delete(int socket, Cidr destination) {
    Memory request = RouteRequest.delete(destination, SEQUENCE.incrementAndGet());
    write(socket, "RTM_DELETE", destination.toString(), request);
  }

  /** Returns the route that packets to an address take; empty if there is none. */
  Optional<RouteMessage.Route> get(int socket, InetAddress destination) {
    drain(socket);
    int seq = SEQUENCE.incrementAndGet();
    Memory request = RouteRequest.get(destination, seq);
    String subject = destination.getHostAddress();
    long rc =
        kernel.attempt(
            () -> kernel.libc().write(socket, request.address(), request.size()), request);
    if (rc == -ESRCH) {
      return Optional.empty();
    }
    if (rc < 0) {
      throw Syscalls.refusal("RTM_GET", subject, (int) -rc, null);
    }
    int pid = kernel.libc().getpid();
    long deadline = System.nanoTime() + WAIT * 1_000_000L;
    while (true) {
      for (RouteMessage message : read(socket)) {
        if (message instanceof RouteMessage.Route route
            && route.type() == RouteAbi.RTM_GET
            && route.seq() == seq
            && route.pid() == pid) {
          return Optional.of(route);
        }
      }
      int left = (int) ((deadline - System.nanoTime()) / 1_000_000);
      if (left <= 0 || !sockets.readable(socket, left)) {
        throw Syscalls.refusal("RTM_GET", subject, ENOBUFS, "the answer was lost");
      }
    }
  }

  /**
   * Reads one message, or several that the kernel returns together. Does not wait; returns an empty
   * list if there is none. ENOBUFS: messages were lost, which a socket reports only with SO_RERROR.
   */
  public List<RouteMessage> read(int socket) {
    Memory buffer = Memory.allocate(ROOM);
    long rc = receive(socket, buffer);
    if (rc == -EAGAIN) {
      return List.of();
    }
    if (rc < 0) {
      throw Syscalls.refusal("read", "route socket " + socket, (int) -rc, null);
    }
    return RouteCodec.decode(buffer, (int) rc);
  }

  /** Discards unread messages, since an overflowing socket also loses answers. */
  void drain(int socket) {
    Memory buffer = Memory.allocate(ROOM);
    long rc = 0;
    while (rc >= 0 || rc == -ENOBUFS) {
      rc = receive(socket, buffer);
    }
    if (rc != -EAGAIN) {
      throw Syscalls.refusal("read", "route socket " + socket, (int) -rc, null);
    }
  }

  private long receive(int socket, Memory buffer) {
    return kernel.attempt(
        () -> kernel.libc().read(socket, buffer.address(), buffer.size()), buffer);
  }

  private void write(int socket, String call, String subject, Memory request) {
    kernel.check(
        call,
        subject,
        () -> kernel.libc().write(socket, request.address(), request.size()),
        request);
  }
}
