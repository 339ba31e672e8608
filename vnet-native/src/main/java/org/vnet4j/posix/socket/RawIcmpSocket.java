// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.socket;

import static org.vnet4j.net.Errno.ECONNREFUSED;
import static org.vnet4j.net.Errno.EHOSTUNREACH;
import static org.vnet4j.net.Errno.ENETUNREACH;
import static org.vnet4j.posix.libc.Abi.EACCES;
import static org.vnet4j.posix.libc.Abi.EINTR;
import static org.vnet4j.posix.libc.Abi.EPERM;
import static org.vnet4j.posix.libc.Abi.POLLIN;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.net.IpText;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.SocketAddress;
import org.vnet4j.spi.IcmpSocket;
import org.vnet4j.spi.KernelErrors;

/** A raw ICMP socket that the helper opened in some stack. See raw(7), icmp(4), icmp6(4). */
public final class RawIcmpSocket implements IcmpSocket {
  private static final int MOST = 65536 + 60;
  private static final int LONGEST_IP_HEADER = 60;
  private static final int ROOM = 2048 + LONGEST_IP_HEADER;
  private static final int POLLFD = 8;
  private static final int EVENTS = 4;
  private static final int LENGTH = 2 * POLLFD;

  /** More datagrams than a receive buffer holds. */
  private static final int MOST_WAITING = 10_000;

  private final Fd fd;
  private final DatagramCalls calls;
  private final SocketAddress layout;
  private final boolean ipv6;
  private final Home home;
  private final int eagain;
  private Memory data = Memory.allocate(ROOM);
  private final Memory address = Memory.allocate(SocketAddress.SIZE);

  /** Two struct pollfd, and the length of an address. */
  private final Memory small = Memory.allocate(LENGTH + Integer.BYTES);

  /**
   * Takes over a socket.
   *
   * @param fd the socket, closed with this object
   * @param calls the calls of the socket's kernel
   * @param layout the system's layout of socket addresses
   * @param ipv6 whether it is an ICMPv6 socket
   * @param home the stack of the socket
   */
  public RawIcmpSocket(Fd fd, DatagramCalls calls, SocketAddress layout, boolean ipv6, Home home) {
    this.fd = fd;
    this.calls = calls;
    this.layout = layout;
    this.ipv6 = ipv6;
    this.home = home;
    this.eagain = calls.table().numberOf("EAGAIN");
  }

  /**
   * The stack of a socket.
   *
   * @param zones returns the index of an interface of the stack by its name
   * @param gone creates the error for a stack that was removed, which closed the socket
   * @param whenClosed called when the socket is closed
   */
  public record Home(
      ToIntFunction<String> zones, Supplier<VnetException> gone, Runnable whenClosed) {}

  /** Runs an action with the socket, which its stack may close at any time. */
  private <T> T use(Fd.Action<T> action) {
    try {
      return fd.use(action);
    } catch (VnetException e) {
      throw fd.isOpen() ? e : home.gone.get();
    }
  }

  @Override
  public void bind(InetAddress source) {
    int length = layout.write(address.bytes(), source, 0, 0);
    int errno =
        use(number -> calls.bind(number, address.address(), length) < 0 ? calls.errno() : 0);
    if (errno != 0) {
      throw KernelErrors.ofInterface(calls.table().error("bind", IpText.of(source), errno));
    }
  }

  @Override
  public Optional<KernelError> send(
      ByteBuffer message, InetAddress destination, @Nullable String zone) {
    int length = message.remaining();
    makeRoom(length);
    data.bytes().put(0, message, message.position(), length);
    int scope = zone == null ? 0 : home.zones.applyAsInt(zone);
    int addressLength = layout.write(address.bytes(), destination, 0, scope);
    while (true) {
      int errno = use(number -> send(number, length, addressLength));
      if (errno == 0) {
        return Optional.empty();
      }
      if (errno != EINTR) {
        // For a packet that a firewall drops Linux reports EPERM; FreeBSD and the model report
        // EACCES.
        int said = errno == EPERM ? EACCES : errno;
        return Optional.of(calls.table().error("sendto", IpText.of(destination), said));
      }
    }
  }

  private void makeRoom(int length) {
    if (data.bytes().capacity() < length) {
      data = Memory.allocate(MOST);
    }
  }

  /** Discards the datagrams that have arrived. */
  public void drain() {
    int came = 0;
    for (int i = 0; i < MOST_WAITING && came != -eagain; i++) {
      came = use(this::receive);
    }
  }

  private int send(int number, int length, int addressLength) {
    long sent = calls.sendto(number, data.address(), length, 0, address.pointer(), addressLength);
    return sent < 0 ? calls.errno() : 0;
  }

  /** Receives before it polls: the answer of a neighbour is often there when send returns. */
  @Override
  public @Nullable InetAddress receive(ByteBuffer buffer, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    makeRoom(buffer.capacity() + LONGEST_IP_HEADER);
    boolean more = true;
    while (more) {
      int length = use(this::receive);
      if (length == -eagain) {
        more = awaitInput(null, deadline);
        continue;
      }
      if (length >= 0) {
        InetAddress from = layout.read(address.bytes());
        if (copy(length, buffer)) {
          return from;
        }
      } else {
        KernelError error = calls.table().error("recvfrom", "icmp", -length);
        // recvfrom reports an ICMP error that arrived for this socket as its own error.
        if (!error.isErrno(org.vnet4j.net.Errno.EINTR, EHOSTUNREACH, ENETUNREACH, ECONNREFUSED)) {
          throw KernelErrors.of(error);
        }
      }
      more = System.nanoTime() - deadline < 0;
    }
    return null;
  }

  private int receive(int number) {
    int room = data.bytes().capacity();
    small.bytes().putInt(LENGTH, SocketAddress.SIZE);
    long length =
        calls.recvfrom(number, data.address(), room, address.pointer(), small.address() + LENGTH);
    return length < 0 ? -calls.errno() : (int) length;
  }

  /** Copies a message without the IP header, which a raw IPv4 socket includes. */
  private boolean copy(int length, ByteBuffer buffer) {
    int header = ipv6 || length == 0 ? 0 : (data.bytes().get(0) & 0x0f) * 4;
    if (header > length) {
      return false;
    }
    int size = Math.min(length - header, buffer.capacity());
    buffer.clear().put(0, data.bytes(), header, size).limit(size);
    return true;
  }

  @Override
  public void await(@Nullable IcmpSocket other, Duration timeout) {
    awaitInput((RawIcmpSocket) other, System.nanoTime() + timeout.toNanos());
  }

  private boolean awaitInput(@Nullable RawIcmpSocket other, long deadline) {
    while (true) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      int millis = (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
      int ready =
          other == null
              ? use(one -> poll(1, one, 0, millis))
              : use(one -> other.use(two -> poll(2, one, two, millis)));
      if (ready > 0) {
        return true;
      }
      if (ready < 0 && ready != -EINTR) {
        throw KernelErrors.of(calls.table().error("poll", "icmp", -ready));
      }
    }
  }

  private int poll(int count, int one, int two, int millis) {
    pollfd(0, one);
    pollfd(POLLFD, two);
    return calls.poll(small, count, millis);
  }

  private void pollfd(int at, int number) {
    small.bytes().putInt(at, number).putInt(at + EVENTS, 0).putShort(at + EVENTS, (short) POLLIN);
  }

  @Override
  public void close() {
    fd.close();
    home.whenClosed.run();
  }
}
