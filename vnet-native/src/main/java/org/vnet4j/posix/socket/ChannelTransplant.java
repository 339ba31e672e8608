// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.socket;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.vnet4j.VnetException;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.spi.KernelErrors;

/**
 * Opens JDK channels in another stack. Opens the channel as usual; then a socket of the same kind,
 * opened by the helper in that stack, replaces the channel's descriptor by dup3(2). The result is
 * an ordinary channel, for selectors, for any thread, blocking or not.
 *
 * <p>The JDK does not expose the descriptor of a channel. It is found by a distinctive receive
 * buffer size: the size is changed on the channel several times, and the descriptor that shows
 * every change is the channel's.
 */
public final class ChannelTransplant {
  private static final int ROUNDS = 3;
  private static final int MOST_DESCRIPTORS = 1 << 20;

  /** Linux options that the JDK sets on datagram sockets, by level and number. */
  private static final int IP_MULTICAST_ALL = 49;

  private static final int IPV6_MULTICAST_ALL = 29;

  /** Errors after which a call is repeated. */
  private static final Set<String> AGAIN = Set.of("EINTR", "EBUSY");

  /** Errors of getsockopt(2) for a descriptor that is not a socket, or lacks the option. */
  private static final Set<String> LACKS =
      Set.of("EBADF", "ENOTSOCK", "ENOPROTOOPT", "EOPNOTSUPP", "EINVAL");

  private ChannelTransplant() {}

  /**
   * Opens a TCP channel, neither bound nor connected.
   *
   * @param helper opens the socket
   * @param stack the stack
   * @return the channel, to be closed by the caller
   */
  public static SocketChannel tcp(Helper helper, StackRef stack) {
    return open(helper, stack, SocketChannel::open);
  }

  /**
   * Opens a TCP server channel, not bound.
   *
   * @param helper opens the socket
   * @param stack the stack
   * @return the channel, to be closed by the caller
   */
  public static ServerSocketChannel tcpServer(Helper helper, StackRef stack) {
    return open(helper, stack, ServerSocketChannel::open);
  }

  /**
   * Opens a UDP channel, neither bound nor connected.
   *
   * @param helper opens the socket
   * @param stack the stack
   * @return the channel, to be closed by the caller
   */
  public static DatagramChannel udp(Helper helper, StackRef stack) {
    return open(helper, stack, DatagramChannel::open);
  }

  private interface Opener<C> {
    C open() throws IOException;
  }

  private static <C extends NetworkChannel> C open(
      Helper helper, StackRef stack, Opener<C> opener) {
    C channel;
    try {
      channel = opener.open();
    } catch (IOException e) {
      throw new VnetException("no channel for " + stack + ": " + e.getMessage(), e);
    }
    try {
      transplant(helper, stack, channel);
      return channel;
    } catch (IOException | RuntimeException e) {
      try {
        channel.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e instanceof RuntimeException known
          ? known
          : new VnetException("no channel for " + stack + ": " + e.getMessage(), e);
    }
  }

  private static void transplant(Helper helper, StackRef stack, NetworkChannel channel)
      throws IOException {
    Abi.Sockets so = Abi.here().sockets;
    int fd = find(channel);
    SocketKind kind =
        new SocketKind(
            option(fd, so.solSocket(), so.soDomain()),
            option(fd, so.solSocket(), so.soType()),
            option(fd, so.solSocket(), so.soProtocol()));
    try (Fd socket = helper.socket(stack, kind)) {
      socket.use(
          theirs -> {
            copyOptions(fd, theirs, so, kind.domain());
            Libc libc = Native.libc();
            int flags = check("fcntl", stack, libc.fcntl(fd, Abi.F_GETFL, 0));
            check("fcntl", stack, libc.fcntl(theirs, Abi.F_SETFL, flags));
            return dup(theirs, fd, stack);
          });
    }
  }

  /**
   * Replaces the descriptor. EBUSY means that another thread is just opening a descriptor of that
   * number, see dup(2).
   */
  private static int dup(int theirs, int fd, StackRef stack) {
    while (true) {
      int rc = Native.libc().dup3(theirs, fd, Abi.here().io.oCloexec());
      int errno = rc == -1 ? Native.errno() : 0;
      if (!AGAIN.contains(Errno.here().nameOf(errno))) {
        return errno == 0 ? fd : refuse("dup3", stack, errno);
      }
    }
  }

  private static int check(String call, StackRef stack, int rc) {
    return rc == -1 ? refuse(call, stack, Native.errno()) : rc;
  }

  private static int refuse(String call, Object subject, int errno) {
    throw KernelErrors.of(Errno.here().error(call, "socket of " + subject, errno));
  }

  /**
   * Copies the options that the JDK sets when it opens a socket; skips options that the socket
   * lacks.
   */
  private static void copyOptions(int from, int to, Abi.Sockets so, int domain) {
    copyOption(from, to, so.solSocket(), so.soReuseaddr());
    copyOption(from, to, so.solSocket(), so.soReuseport());
    boolean linux = Abi.here() == Abi.LINUX;
    if (linux) {
      copyOption(from, to, Abi.IPPROTO_IP, IP_MULTICAST_ALL);
    }
    if (domain != Abi.AF_INET) {
      copyOption(from, to, Abi.IPPROTO_IPV6, so.ipv6V6only());
      copyOption(from, to, Abi.IPPROTO_IPV6, so.ipv6MulticastHops());
      if (linux) {
        copyOption(from, to, Abi.IPPROTO_IPV6, IPV6_MULTICAST_ALL);
      }
    }
  }

  private static void copyOption(int from, int to, int level, int option) {
    int wanted = option(from, level, option);
    int there = option(to, level, option);
    if (wanted != -1 && there != -1 && wanted != there) {
      Memory value = Memory.allocate(Integer.BYTES);
      value.bytes().putInt(0, wanted);
      int rc = Native.libc().setsockopt(to, level, option, value.address(), Integer.BYTES);
      int errno = rc == -1 ? Native.errno() : 0;
      value.keep();
      if (errno != 0) {
        refuse("setsockopt", "another stack", errno);
      }
    }
  }

  private static int find(NetworkChannel channel) throws IOException {
    Memory value = Memory.allocate(2 * Integer.BYTES);
    int marked = mark(channel);
    for (int fd = 0; fd < MOST_DESCRIPTORS; fd++) {
      if (receiveBuffer(fd, value) == marked) {
        if (follows(channel, fd, value)) {
          return fd;
        }
        marked = size(channel);
      }
    }
    throw new VnetException("the descriptor of " + channel + " was not found");
  }

  /**
   * Returns whether the descriptor's size follows changes of the channel's: another descriptor may
   * have the same size by chance.
   */
  private static boolean follows(NetworkChannel channel, int fd, Memory value) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      int marked = mark(channel);
      if (receiveBuffer(fd, value) != marked) {
        return false;
      }
    }
    return true;
  }

  /** Sets a random odd size and returns the size that the kernel chose for it. */
  private static int mark(NetworkChannel channel) throws IOException {
    int odd = 4097 + 2 * ThreadLocalRandom.current().nextInt(30_000);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, odd);
    return size(channel);
  }

  private static int size(NetworkChannel channel) throws IOException {
    return channel.getOption(StandardSocketOptions.SO_RCVBUF);
  }

  private static int receiveBuffer(int fd, Memory value) {
    Abi.Sockets so = Abi.here().sockets;
    int size = option(fd, so.solSocket(), so.soRcvbuf(), value);
    // Linux doubles the value that is set, and the JDK halves the value that Linux reports.
    return Abi.here() == Abi.LINUX && size != -1 ? size / 2 : size;
  }

  private static int option(int fd, int level, int option) {
    return option(fd, level, option, Memory.allocate(2 * Integer.BYTES));
  }

  /** Returns the value of an option, -1 if the descriptor lacks it. */
  private static int option(int fd, int level, int option, Memory value) {
    value.bytes().putInt(Integer.BYTES, Integer.BYTES);
    long at = value.address();
    int rc = Native.libc().getsockopt(fd, level, option, at, at + Integer.BYTES);
    int errno = rc == -1 ? Native.errno() : 0;
    value.keep();
    if (errno != 0 && !LACKS.contains(Errno.here().nameOf(errno))) {
      refuse("getsockopt", "descriptor " + fd, errno);
    }
    return errno == 0 ? value.bytes().getInt(0) : -1;
  }
}
