// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.net.BindException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Opens sockets in one stack. They stay in that stack, whoever uses them. */
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
   * Refuses what somebody in the stack has, where the kernel itself does not when a channel is
   * bound from outside.
   *
   * @param tcp true for TCP, false for UDP
   * @param address an address of the stack, or a wildcard
   * @param port 1 to 65535
   * @throws BindException as the kernel refuses it there
   */
  default void checkFree(boolean tcp, InetAddress address, int port) throws BindException {}

  /**
   * Opens a raw ICMP socket.
   *
   * @param family {@code INET} for ICMP, {@code INET6} for ICMPv6
   * @return the socket, to be closed by the caller
   */
  IcmpSocket icmp(StandardProtocolFamily family);
}
