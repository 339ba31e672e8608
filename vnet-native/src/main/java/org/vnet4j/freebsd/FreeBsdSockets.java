// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET6;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCK_DGRAM;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCK_RAW;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCK_STREAM;
import static org.vnet4j.freebsd.sys.SocketAbi.SOL_SOCKET;
import static org.vnet4j.freebsd.sys.SocketAbi.SO_RCVBUF;
import static org.vnet4j.freebsd.sys.SocketAbi.SO_SNDBUF;
import static org.vnet4j.net.Errno.EADDRINUSE;

import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BiFunction;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.socket.ChannelTransplant;
import org.vnet4j.spi.IcmpSocket;
import org.vnet4j.spi.SocketDriver;

/** Opens sockets in one stack through the helper. */
final class FreeBsdSockets implements SocketDriver {
  private static final SocketKind ICMP = new SocketKind(AF_INET, SOCK_RAW, 1);
  private static final SocketKind ICMPV6 = new SocketKind(AF_INET6, SOCK_RAW, 58);

  /**
   * Buffer size in bytes of a raw socket. The default is 9216 bytes in each direction, see
   * net.inet.raw.maxdgram and recvspace.
   */
  private static final int ROOM = 2 * 65536;

  private final FreeBsdStack stack;

  FreeBsdSockets(FreeBsdStack stack) {
    this.stack = stack;
  }

  @Override
  public SocketChannel tcp() {
    return open(ChannelTransplant::tcp);
  }

  @Override
  public ServerSocketChannel tcpServer() {
    return open(ChannelTransplant::tcpServer);
  }

  @Override
  public DatagramChannel udp() {
    return open(ChannelTransplant::udp);
  }

  private <C extends NetworkChannel> C open(BiFunction<Helper, StackRef, C> opener) {
    return stack.keep(stack.ask(() -> opener.apply(stack.session().helper(), stack.ref())));
  }

  /**
   * Checks that a port is free. bind(2) checks for port conflicts in the jail of the calling
   * process, not of the socket ({@code in_pcblookup_local}), so the helper binds inside the jail. A
   * program that binds between this check and the channel's own bind is not detected.
   */
  @Override
  public void checkFree(boolean tcp, InetAddress address, int port) throws BindException {
    int domain = address instanceof Inet6Address ? AF_INET6 : AF_INET;
    SocketKind kind = new SocketKind(domain, tcp ? SOCK_STREAM : SOCK_DGRAM, tcp ? 6 : 17);
    if (stack.isOwn()) {
      return;
    }
    try {
      stack.ask(
          () -> {
            stack.session().helper().bind(stack.ref(), kind, address, port);
            return kind;
          });
    } catch (VnetException e) {
      KernelError error = e.kernelError().orElse(null);
      if (error == null || !error.call().equals("bind")) {
        throw e;
      }
      if (error.isErrno(EADDRINUSE)) { // of all else the channel's own bind reports
        BindException refused = new BindException(e.getMessage());
        refused.initCause(e);
        throw refused;
      }
    }
  }

  @Override
  public IcmpSocket icmp(StandardProtocolFamily family) {
    boolean ipv6 = family == StandardProtocolFamily.INET6;
    return stack.icmp(ipv6 ? ICMPV6 : ICMP, ipv6, this::makeRoom);
  }

  private boolean makeRoom(int socket) {
    SocketCalls calls = stack.calls.sockets;
    calls.setOption(socket, SOL_SOCKET, SO_SNDBUF, ROOM);
    calls.setOption(socket, SOL_SOCKET, SO_RCVBUF, ROOM);
    return true;
  }
}
