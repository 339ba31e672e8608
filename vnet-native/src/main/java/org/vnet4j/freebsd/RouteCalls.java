// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.FreeBsdErrno.EAGAIN;
import static org.vnet4j.freebsd.FreeBsdErrno.ENOBUFS;
import static org.vnet4j.freebsd.FreeBsdErrno.ESRCH;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.vnet4j.net.Cidr;

/**
 * Routes of the stack a route socket was opened in, see route(4).
 *
 * <p>The socket is to be non-blocking and one thread's. A change is answered by the return of
 * write(2); only a question waits for a message.
 */
final class RouteCalls {
  private static final AtomicInteger SEQUENCE = new AtomicInteger();
  private static final int ROOM = 2048;
  private static final int WAIT = 5_000;

  private final FreeBsdKernel kernel;
  private final SocketCalls sockets;

  RouteCalls(FreeBsdKernel kernel) {
    this.kernel = kernel;
    sockets = new SocketCalls(kernel);
  }

  /** Adds a route by a gateway. EEXIST: there is one; ENETUNREACH: no way to the gateway. */
  void add(int socket, Cidr destination, InetAddress gateway) {
    Memory request = RouteRequest.add(destination, gateway, SEQUENCE.incrementAndGet());
    write(socket, "RTM_ADD", destination + " via " + gateway.getHostAddress(), request);
  }

  /** Adds a route to what is on an interface, named by its number. */
  void add(int socket, Cidr destination, int index) {
    Memory request = RouteRequest.add(destination, index, SEQUENCE.incrementAndGet());
    write(socket, "RTM_ADD", destination + " on interface " + index, request);
  }

  /** Gives a route another gateway; ESRCH if there is no such route. */
  void change(int socket, Cidr destination, InetAddress gateway) {
    Memory request = RouteRequest.change(destination, gateway, SEQUENCE.incrementAndGet());
    write(socket, "RTM_CHANGE", destination + " via " + gateway.getHostAddress(), request);
  }

  /** Deletes a route; ESRCH if there is no such route. */
  void delete(int socket, Cidr destination) {
    Memory request = RouteRequest.delete(destination, SEQUENCE.incrementAndGet());
    write(socket, "RTM_DELETE", destination.toString(), request);
  }

  /** Asks which route packets to an address take; empty if none does. */
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
      throw FreeBsdKernel.refusal("RTM_GET", subject, (int) -rc, null);
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
        throw FreeBsdKernel.refusal("RTM_GET", subject, ENOBUFS, "the answer was lost");
      }
    }
  }

  /**
   * Reads one message, or several if they came together; without waiting, empty if there is
   * nothing. ENOBUFS, if the socket was told to say so: messages were lost.
   */
  List<RouteMessage> read(int socket) {
    Memory buffer = Memory.allocate(ROOM);
    long rc = receive(socket, buffer);
    if (rc == -EAGAIN) {
      return List.of();
    }
    if (rc < 0) {
      throw FreeBsdKernel.refusal("read", "route socket " + socket, (int) -rc, null);
    }
    return RouteCodec.decode(buffer, (int) rc);
  }

  /** Drops what was not read: a socket that overflows loses answers too. */
  void drain(int socket) {
    Memory buffer = Memory.allocate(ROOM);
    long rc = 0;
    while (rc >= 0 || rc == -ENOBUFS) {
      rc = receive(socket, buffer);
    }
    if (rc != -EAGAIN) {
      throw FreeBsdKernel.refusal("read", "route socket " + socket, (int) -rc, null);
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
