// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.posix.helper.HelperNamespaceTest;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.posix.helper.SandboxTest;
import org.vnet4j.posix.helper.SocketKind;
import org.vnet4j.posix.helper.StackRef;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;

/** Tests ordinary channels of Java with sockets in a sandbox. */
final class ChannelTransplantTest extends SandboxTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void tcp_connects_inside_the_stack_and_is_not_seen_outside(String address) throws IOException {
    try (ServerSocketChannel server = listen(StackRef.own(), address, 0);
        SocketChannel client = ChannelTransplant.tcp(helper, StackRef.own())) {
      InetSocketAddress where = (InetSocketAddress) server.getLocalAddress();
      client.connect(where);
      try (SocketChannel accepted = server.accept()) {
        client.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer got = ByteBuffer.allocate(5);
        while (got.hasRemaining() && accepted.read(got) >= 0) {}
        assertThat(new String(got.array(), StandardCharsets.US_ASCII)).isEqualTo("hello");
        assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
      }
      assertThatThrownBy(() -> SocketChannel.open(where).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void two_stacks_use_one_port_at_the_same_time() throws IOException {
    try (HelperProgram other = sandbox();
        ServerSocketChannel here = listen(StackRef.own(), "127.0.0.1", 8080);
        ServerSocketChannel there = ChannelTransplant.tcpServer(other, StackRef.own())) {
      there.bind(new InetSocketAddress("127.0.0.1", 8080));
      try (SocketChannel client = ChannelTransplant.tcp(other, StackRef.own())) {
        client.connect(new InetSocketAddress("127.0.0.1", 8080));
        there.accept().close();
        here.configureBlocking(false);
        assertThat(here.accept()).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void udp_sends_and_receives_with_a_selector(String address) throws IOException {
    try (DatagramChannel receiver = ChannelTransplant.udp(helper, StackRef.own());
        DatagramChannel sender = ChannelTransplant.udp(helper, StackRef.own());
        Selector selector = Selector.open()) {
      receiver.bind(new InetSocketAddress(InetAddress.getByName(address), 5353));
      receiver.configureBlocking(false);
      receiver.register(selector, SelectionKey.OP_READ);
      assertThat(selector.selectNow()).isZero();
      sender.send(
          ByteBuffer.wrap(new byte[] {42}),
          new InetSocketAddress(InetAddress.getByName(address), 5353));
      assertThat(selector.select(5000)).isEqualTo(1);
      ByteBuffer got = ByteBuffer.allocate(8);
      assertThat(receiver.receive(got)).isEqualTo(inetAddress(sender, address));
      assertThat(got.flip().get()).isEqualTo((byte) 42);
    }
  }

  @Test
  void a_selector_tells_that_a_connection_is_made() throws IOException {
    try (ServerSocketChannel server = listen(StackRef.own(), "127.0.0.1", 0);
        SocketChannel client = ChannelTransplant.tcp(helper, StackRef.own());
        Selector selector = Selector.open()) {
      client.configureBlocking(false);
      if (!client.connect(server.getLocalAddress())) {
        client.register(selector, SelectionKey.OP_CONNECT);
        assertThat(selector.select(5000)).isEqualTo(1);
        assertThat(client.finishConnect()).isTrue();
      }
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void the_socket_adaptors_work() throws IOException {
    try (ServerSocketChannel server = ChannelTransplant.tcpServer(helper, StackRef.own());
        SocketChannel client = ChannelTransplant.tcp(helper, StackRef.own())) {
      server.socket().bind(new InetSocketAddress("127.0.0.1", 0));
      client.socket().connect(server.getLocalAddress(), 5000);
      try (SocketChannel accepted = server.accept()) {
        accepted.socket().getOutputStream().write(7);
        client.socket().setSoTimeout(5000);
        assertThat(client.socket().getInputStream().read()).isEqualTo(7);
      }
    }
  }

  @Test
  void a_stack_that_cannot_be_entered_leaves_no_channel() throws IOException {
    try (Fd socket = helper.socket(StackRef.own(), new SocketKind(Abi.AF_INET, 2, 0))) {
      HelperNamespaceTest.assertRefused(
          () -> ChannelTransplant.tcp(helper, StackRef.namespace(socket)), "setns", "EINVAL");
    }
  }

  private static InetSocketAddress inetAddress(DatagramChannel channel, String address)
      throws IOException {
    int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }

  private ServerSocketChannel listen(StackRef stack, String address, int port) throws IOException {
    ServerSocketChannel server = ChannelTransplant.tcpServer(helper, stack);
    server.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    return server;
  }
}
