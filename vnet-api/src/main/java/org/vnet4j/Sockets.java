// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.net.IpText;

/**
 * TCP and UDP sockets opened in a stack. They are ordinary channels of java.nio: any thread may use
 * them, blocking or with a selector, and they stay in their stack. The resolver runs outside the
 * stack, so use addresses, not host names.
 *
 * <p>A channel is closed when its jail is removed, when this program finds that another program
 * removed the jail, and when its {@link Vnet} is closed: a thread that waits in it gets {@link
 * java.nio.channels.AsynchronousCloseException}. The channels that a server channel accepted are
 * not known to this library. On Linux since 5.14 they are reset with their jail; on FreeBSD close
 * them yourself, since each keeps the removed jail dying.
 *
 * <p>FreeBSD does not detect port conflicts when a process outside the jail binds a channel; {@link
 * #listen} and {@link #bind} check for them in the jail first.
 */
public final class Sockets {
  /** Longest single wait in milliseconds, after which the channel is looked at. */
  private static final long SLICE = 100;

  /** Stands for longer times; fits into a long of nanoseconds. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final NetworkStack stack;

  Sockets(NetworkStack stack) {
    this.stack = stack;
  }

  /**
   * Opens an unconnected TCP channel.
   *
   * @return the channel, blocking
   */
  public SocketChannel tcp() {
    return stack.driver().sockets().tcp();
  }

  /**
   * Opens an unbound TCP server channel.
   *
   * @return the channel, blocking
   */
  public ServerSocketChannel tcpServer() {
    return stack.driver().sockets().tcpServer();
  }

  /**
   * Opens an unbound UDP channel.
   *
   * @return the channel, blocking
   */
  public DatagramChannel udp() {
    return stack.driver().sockets().udp();
  }

  /**
   * Connects a TCP channel.
   *
   * @param address an address, not a name
   * @param port 1 to 65535
   * @param timeout longest time to wait for the peer, more than zero
   * @return the channel, blocking
   * @throws java.net.ConnectException if the peer refused the connection (ECONNREFUSED)
   * @throws SocketTimeoutException if the peer did not answer in time
   * @throws IOException if the peer cannot be reached
   * @throws java.nio.channels.ClosedChannelException if the jail is removed meanwhile
   * @throws Vnet.InterruptException if this thread is interrupted; within 100 ms
   * @throws IllegalArgumentException if the time is not more than zero
   */
  public SocketChannel connect(String address, int port, Duration timeout) throws IOException {
    return connect(IpLiteral.parse(address), port, timeout);
  }

  /**
   * Connects a TCP channel.
   *
   * @param address the address, without a zone: the JDK would search the host stack for that
   *     interface
   * @param port 1 to 65535
   * @param timeout longest time to wait for the peer, more than zero
   * @return the channel, blocking
   * @throws java.net.ConnectException if the peer refused the connection (ECONNREFUSED)
   * @throws SocketTimeoutException if the peer did not answer in time
   * @throws IOException if the peer cannot be reached
   * @throws java.nio.channels.ClosedChannelException if the jail is removed meanwhile
   * @throws Vnet.InterruptException if this thread is interrupted; within 100 ms
   * @throws IllegalArgumentException if the time is not more than zero
   */
  public SocketChannel connect(InetAddress address, int port, Duration timeout) throws IOException {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("connect: timeout " + timeout);
    }
    InetSocketAddress peer = new InetSocketAddress(address, port);
    SocketChannel channel = tcp();
    try (Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      if (!channel.connect(peer)) {
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        await(channel, selector, peer, timeout);
        key.cancel();
        selector.selectNow();
      }
      channel.configureBlocking(true);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Waits in slices: a channel that another thread closes does not wake a selector. */
  private static void await(
      SocketChannel channel, Selector selector, InetSocketAddress peer, Duration timeout)
      throws IOException {
    String what = IpText.of(peer.getAddress()) + " port " + peer.getPort();
    long now = System.nanoTime();
    long deadline = now + (timeout.compareTo(FOREVER) > 0 ? FOREVER : timeout).toNanos();
    while (!channel.finishConnect()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new Vnet.InterruptException("connecting to " + what);
      }
      long left = (deadline - System.nanoTime() + 999_999) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException(
            "connect to " + what + ": no answer in " + timeout.toMillis() + " ms");
      }
      selector.select(Math.min(left, SLICE));
    }
  }

  /**
   * Opens a TCP server channel and binds it.
   *
   * @param address an address of the stack, or {@code 0.0.0.0} or {@code ::} for all
   * @param port 0 to 65535; 0 for a free port
   * @return the channel, listening and blocking
   * @throws IOException if the address or port cannot be bound (EADDRINUSE, EADDRNOTAVAIL)
   */
  public ServerSocketChannel listen(String address, int port) throws IOException {
    return listen(IpLiteral.parse(address), port);
  }

  /**
   * Opens a TCP server channel and binds it.
   *
   * @param address an address of the stack, or {@code 0.0.0.0} or {@code ::} for all
   * @param port 0 to 65535; 0 for a free port
   * @return the channel, listening and blocking
   * @throws IOException if the address or port cannot be bound (EADDRINUSE, EADDRNOTAVAIL)
   */
  public ServerSocketChannel listen(InetAddress address, int port) throws IOException {
    return bound(tcpServer(), address, port);
  }

  /**
   * Opens a UDP channel and binds it.
   *
   * @param address an address of the stack, or {@code 0.0.0.0} or {@code ::} for all
   * @param port 0 to 65535; 0 for a free port
   * @return the channel, blocking
   * @throws IOException if the address or port cannot be bound (EADDRINUSE, EADDRNOTAVAIL)
   */
  public DatagramChannel bind(String address, int port) throws IOException {
    return bind(IpLiteral.parse(address), port);
  }

  /**
   * Opens a UDP channel and binds it.
   *
   * @param address an address of the stack, or {@code 0.0.0.0} or {@code ::} for all
   * @param port 0 to 65535; 0 for a free port
   * @return the channel, blocking
   * @throws IOException if the address or port cannot be bound (EADDRINUSE, EADDRNOTAVAIL)
   */
  public DatagramChannel bind(InetAddress address, int port) throws IOException {
    return bound(udp(), address, port);
  }

  private <C extends NetworkChannel> C bound(C channel, InetAddress address, int port)
      throws IOException {
    try {
      InetSocketAddress local = new InetSocketAddress(address, port);
      if (port != 0) {
        boolean tcp = channel instanceof ServerSocketChannel;
        stack.driver().sockets().checkFree(tcp, address, port);
      }
      channel.bind(local);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Returns a factory of sockets in this stack, for libraries that take one. A host that the
   * machine's resolver does not know is an {@link UnknownHostException}.
   *
   * @return the factory
   */
  public SocketFactory socketFactory() {
    return new StackSocketFactory(this);
  }

  private static final class StackSocketFactory extends SocketFactory {
    private final Sockets sockets;

    StackSocketFactory(Sockets sockets) {
      this.sockets = sockets;
    }

    @Override
    public Socket createSocket() {
      return sockets.tcp().socket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return connect(peer(host, port), null);
    }

    private InetSocketAddress peer(String host, int port) throws UnknownHostException {
      InetSocketAddress peer = new InetSocketAddress(host, port);
      if (peer.isUnresolved()) {
        throw new UnknownHostException(
            host
                + ": the resolver of this machine, which runs outside of "
                + sockets.stack.name()
                + ", does not know it; use an address");
      }
      return peer;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return connect(peer(host, port), new InetSocketAddress(local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return connect(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return connect(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    private Socket connect(InetSocketAddress remote, @Nullable InetSocketAddress local)
        throws IOException {
      SocketChannel channel = sockets.tcp();
      try {
        if (local != null) {
          channel.bind(local);
        }
        channel.connect(remote);
        return channel.socket();
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    }
  }
}
