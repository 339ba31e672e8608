// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BiFunction;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.socket.ChannelTransplant;
import org.vnet4j.spi.IcmpSocket;
import org.vnet4j.spi.SocketDriver;

/** The socket driver: opens sockets in one namespace by the helper. */
final class LinuxSockets implements SocketDriver {
  private final LinuxStack stack;

  LinuxSockets(LinuxStack stack) {
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
    return stack.channel(() -> opener.apply(stack.kernel().helper(), stack.ref()));
  }

  @Override
  public IcmpSocket icmp(StandardProtocolFamily family) {
    return stack.icmp().lend(family);
  }
}
