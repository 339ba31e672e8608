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
 * Gives channels of the JDK a socket of another stack. The channel is opened as always; then a
 * socket of the same kind, opened in the stack, takes the place of its descriptor by dup3(2). From
 * there on it is an ordinary channel, for selectors, any thread, blocking or not.
 *
 * <p>The JDK keeps a channel's descriptor to itself. It is found by its mark: the channel is told
 * to set an unusual receive buffer size, and the one descriptor whose size follows several such
 * changes is its.
 */
public final class ChannelTransplant {
  private static final int ROUNDS = 3;
  private static final int MOST_DESCRIPTORS = 1 << 20;

  /** Linux: options the JDK sets on sockets for datagrams, by level and number. */
  private static final int IP_MULTICAST_ALL = 49;

  private static final int IPV6_MULTICAST_ALL = 29;

  /** A call that is to be made again. */
  private static final Set<String> AGAIN = Set.of("EINTR", "EBUSY");

  /** What getsockopt(2) says of a descriptor that is no socket, or has no such option. */
  private static final Set<String> LACKS =
      Set.of("EBADF", "ENOTSOCK", "ENOPROTOOPT", "EOPNOTSUPP", "EINVAL");

  private ChannelTransplant() {}

  /**
   * Opens a TCP channel, neither bound nor connected.
   *
   * @param helper who opens the socket
   * @param stack where
   * @return the channel, to be closed by the caller
   */
  public static SocketChannel tcp(Helper helper, StackRef stack) {
    return open(helper, stack, SocketChannel::open);
  }

  /**
   * Opens a channel for a TCP server, not bound.
   *
   * @param helper who opens the socket
   * @param stack where
   * @return the channel, to be closed by the caller
   */
  public static ServerSocketChannel tcpServer(Helper helper, StackRef stack) {
    return open(helper, stack, ServerSocketChannel::open);
  }

  /**
   * Opens a UDP channel, neither bound nor connected.
   *
   * @param helper who opens the socket
   * @param stack where
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

  /** EBUSY: another thread is about to open a descriptor of that number, says dup(2). */
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

  /** Copies what the JDK sets when it opens a socket; an option the socket lacks is left out. */
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

  /** Tells a descriptor that has the same size by chance from the channel's own. */
  private static boolean follows(NetworkChannel channel, int fd, Memory value) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      int marked = mark(channel);
      if (receiveBuffer(fd, value) != marked) {
        return false;
      }
    }
    return true;
  }

  /** Sets an odd size by chance, and returns what the kernel made of it. */
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
    // Linux doubles what it is told, and the JDK halves what Linux says.
    return Abi.here() == Abi.LINUX && size != -1 ? size / 2 : size;
  }

  private static int option(int fd, int level, int option) {
    return option(fd, level, option, Memory.allocate(2 * Integer.BYTES));
  }

  /** Returns an option's value, -1 where the descriptor has no such option. */
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
