// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.BindException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Opens sockets in one stack. A socket stays in its stack whichever thread or process uses it. */
public interface SocketDriver {

  /**
   * Opens an unconnected TCP channel.
   *
   * @return an ordinary channel of java.nio
   */
  SocketChannel tcp();

  /**
   * Opens an unbound TCP server channel.
   *
   * @return an ordinary channel of java.nio
   */
  ServerSocketChannel tcpServer();

  /**
   * Opens an unbound UDP channel.
   *
   * @return an ordinary channel of java.nio
   */
  DatagramChannel udp();

  /**
   * Checks that no socket in the stack is bound to a port, on kernels that do not check this
   * themselves when a process outside the stack binds a channel.
   *
   * @param tcp true for a TCP port, false for a UDP port
   * @param address an address of the stack, or a wildcard
   * @param port 1 to 65535
   * @throws BindException if the port is in use (EADDRINUSE)
   */
  default void checkFree(boolean tcp, InetAddress address, int port) throws BindException {}

  /**
   * Opens a raw ICMP socket.
   *
   * @param family {@code INET} for ICMP, {@code INET6} for ICMPv6
   * @return the socket, which the caller closes
   */
  IcmpSocket icmp(StandardProtocolFamily family);
}
