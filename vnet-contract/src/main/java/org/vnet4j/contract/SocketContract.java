// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.BlockedCall;
import org.vnet4j.contract.kit.WordServer;
import org.vnet4j.net.IpLiteral;

/** Tests TCP and UDP sockets of Java in a stack. */
public abstract class SocketContract extends Contract {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Jail jail;

  @BeforeEach
  void neighbours() {
    needsTraffic();
    jail = jail("web");
    cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    reaches(host, "192.0.2.2");
  }

  @Test
  void a_client_on_the_host_reaches_a_server_in_a_jail() throws IOException {
    try (WordServer server = new WordServer(jail, "192.0.2.2", 0, "hello")) {
      assertThat(WordServer.ask(host, "192.0.2.2", server.port())).isEqualTo("hello");
    }
  }

  @Test
  void a_client_in_a_jail_reaches_a_server_on_the_host() throws IOException {
    try (WordServer server = new WordServer(host, "0.0.0.0", 0, "hello")) {
      assertThat(WordServer.ask(jail, "192.0.2.1", server.port())).isEqualTo("hello");
    }
  }

  @Test
  void both_ends_know_their_addresses() throws IOException {
    try (ServerSocketChannel server = jail.sockets().listen("192.0.2.2", 0);
        SocketChannel client =
            host.sockets().connect("192.0.2.2", server.socket().getLocalPort(), PATIENCE);
        SocketChannel accepted = server.accept()) {
      assertThat(client.getRemoteAddress()).isEqualTo(server.getLocalAddress());
      assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
      assertThat(((InetSocketAddress) client.getLocalAddress()).getAddress())
          .isEqualTo(InetAddress.getByName("192.0.2.1"));
      assertThat(client.isBlocking()).isTrue();
    }
  }

  @Test
  void a_port_where_nobody_listens_refuses() {
    assertThatThrownBy(() -> host.sockets().connect("192.0.2.2", 9, PATIENCE))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void an_address_nobody_has_times_out() {
    assertThatThrownBy(() -> host.sockets().connect("192.0.2.77", 80, Duration.ofMillis(300)))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("192.0.2.77")
        .hasMessageContaining("300 ms");
  }

  @Test
  void an_address_without_a_route_is_unreachable() {
    assertThatThrownBy(() -> jail.sockets().connect("203.0.113.1", 80, PATIENCE))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void a_server_in_a_jail_is_not_on_the_host() throws IOException {
    loopback(host);
    loopback(jail);
    try (WordServer server = new WordServer(jail, "127.0.0.1", 0, "inside")) {
      assertThat(WordServer.ask(jail, "127.0.0.1", server.port())).isEqualTo("inside");
      assertThatThrownBy(() -> WordServer.ask(host, "127.0.0.1", server.port()))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void the_same_port_is_free_in_every_stack() throws IOException {
    try (ServerSocketChannel one = host.sockets().listen("0.0.0.0", 8080);
        ServerSocketChannel two = jail.sockets().listen("0.0.0.0", 8080)) {
      assertThat(one.socket().getLocalPort()).isEqualTo(two.socket().getLocalPort());
      assertThatThrownBy(() -> jail.sockets().listen("0.0.0.0", 8080))
          .isInstanceOf(BindException.class);
    }
  }

  @Test
  void only_an_address_of_the_stack_can_be_bound() {
    assertThatThrownBy(() -> jail.sockets().listen("192.0.2.1", 0))
        .isInstanceOf(BindException.class);
    assertThatThrownBy(() -> host.sockets().bind("192.0.2.2", 0)).isInstanceOf(BindException.class);
  }

  @Test
  void channels_are_opened_and_used_in_any_thread() throws Exception {
    try (ServerSocketChannel server = jail.sockets().listen("192.0.2.2", 0)) {
      int port = server.socket().getLocalPort();
      CompletableFuture<String> heard =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return WordServer.ask(host, "192.0.2.2", port);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      try (SocketChannel accepted = server.accept()) {
        accepted.write(StandardCharsets.UTF_8.encode("across"));
      }
      assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo("across");
    }
  }

  @Test
  void channels_work_with_a_selector() throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = jail.sockets().listen("192.0.2.2", 0)) {
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      assertThat(selector.selectNow()).isZero();

      int port = server.socket().getLocalPort();
      try (SocketChannel client = host.sockets().connect("192.0.2.2", port, PATIENCE)) {
        assertThat(selector.select(5000)).isEqualTo(1);
        try (SocketChannel accepted = server.accept()) {
          assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
      }
    }
  }

  @Test
  void datagrams_go_there_and_back() throws IOException {
    try (DatagramChannel server = jail.sockets().bind("192.0.2.2", 0);
        DatagramChannel client = host.sockets().bind("192.0.2.1", 0);
        Selector selector = Selector.open()) {
      client.send(StandardCharsets.UTF_8.encode("ping"), server.getLocalAddress());
      assertThat(take(server, selector)).isEqualTo("ping from " + client.getLocalAddress());

      server.send(StandardCharsets.UTF_8.encode("pong"), client.getLocalAddress());
      assertThat(take(client, selector)).isEqualTo("pong from " + server.getLocalAddress());
    }
  }

  private static String take(DatagramChannel channel, Selector selector) throws IOException {
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
    assertThat(selector.select(5000)).isEqualTo(1);
    selector.selectedKeys().clear();
    ByteBuffer buffer = ByteBuffer.allocate(100);
    Object from = channel.receive(buffer);
    return StandardCharsets.UTF_8.decode(buffer.flip()) + " from " + from;
  }

  @Test
  void a_socket_factory_makes_sockets_of_the_stack() throws IOException {
    try (WordServer server = new WordServer(jail, "192.0.2.2", 0, "hello");
        Socket socket = host.sockets().socketFactory().createSocket("192.0.2.2", server.port());
        Socket late = host.sockets().socketFactory().createSocket()) {
      assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
      late.connect(new InetSocketAddress("192.0.2.2", server.port()), 5000);
      assertThat(late.getInputStream().readAllBytes()).asString().isEqualTo("hello");
    }
  }

  @Test
  void ipv6_is_served_alike() throws IOException {
    needs(Capability.IPV6);
    cable(host, jail, "2001:db8::1/64", "2001:db8::2/64");
    reaches(host, "2001:db8::2");
    try (WordServer server = new WordServer(jail, "2001:db8::2", 0, "hello");
        WordServer all = new WordServer(jail, "::", 0, "all")) {
      assertThat(WordServer.ask(host, "2001:db8::2", server.port())).isEqualTo("hello");
      assertThat(WordServer.ask(host, "2001:db8::2", all.port())).isEqualTo("all");
    }
  }

  @Test
  void a_removed_jail_opens_no_sockets() {
    jail.remove();

    assertThatThrownBy(() -> jail.sockets().tcp()).isInstanceOf(Jail.NotFoundException.class);
    assertThatThrownBy(() -> jail.sockets().udp()).isInstanceOf(Jail.NotFoundException.class);
  }

  @Test
  void the_end_of_a_jail_ends_the_waits_in_its_channels() throws Exception {
    try (ServerSocketChannel far = host.sockets().listen("192.0.2.1", 0);
        ServerSocketChannel server = jail.sockets().listen("192.0.2.2", 0);
        SocketChannel client =
            jail.sockets().connect("192.0.2.1", far.socket().getLocalPort(), PATIENCE);
        SocketChannel peer = far.accept();
        DatagramChannel udp = jail.sockets().bind("192.0.2.2", 0);
        DatagramChannel onHost = host.sockets().bind("192.0.2.1", 0)) {
      BlockedCall accepts = new BlockedCall(server::accept);
      BlockedCall reads = new BlockedCall(() -> client.read(ByteBuffer.allocate(1)));
      BlockedCall receives = new BlockedCall(() -> udp.receive(ByteBuffer.allocate(1)));

      jail.remove();

      for (BlockedCall call : List.of(accepts, reads, receives)) {
        assertThat(call.failure()).isInstanceOf(AsynchronousCloseException.class);
      }
      assertThat(List.of(server, client, udp)).noneMatch(NetworkChannel::isOpen);
      assertThat(List.of(peer, onHost)).allMatch(NetworkChannel::isOpen);
    }
  }

  @Test
  void the_end_of_the_vnet_ends_the_waits_in_its_channels() throws Exception {
    try (ServerSocketChannel inJail = jail.sockets().listen("192.0.2.2", 0);
        DatagramChannel onHost = host.sockets().bind("192.0.2.1", 0)) {
      BlockedCall accepts = new BlockedCall(inJail::accept);
      BlockedCall receives = new BlockedCall(() -> onHost.receive(ByteBuffer.allocate(1)));

      vnet.close();

      assertThat(accepts.failure()).isInstanceOf(AsynchronousCloseException.class);
      assertThat(receives.failure()).isInstanceOf(AsynchronousCloseException.class);
    }
  }

  @Test
  void an_interrupted_connect_says_that_it_was_interrupted() throws Exception {
    BlockedCall connects =
        new BlockedCall(() -> host.sockets().connect("192.0.2.77", 80, Duration.ofMinutes(1)));

    connects.interrupt();

    assertThat(connects.failure())
        .isInstanceOf(Vnet.InterruptException.class)
        .hasMessageContaining("connecting to 192.0.2.77 port 80");
  }

  @Test
  void a_connect_ends_with_its_jail() throws Exception {
    BlockedCall connects =
        new BlockedCall(() -> jail.sockets().connect("192.0.2.77", 80, Duration.ofMinutes(1)));

    jail.remove();

    assertThat(connects.failure()).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void a_host_that_nobody_knows_is_unknown() {
    SocketFactory factory = jail.sockets().socketFactory();
    InetAddress local = IpLiteral.parse("192.0.2.2");

    assertThatThrownBy(() -> factory.createSocket("nobody.invalid", 80))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("nobody.invalid")
        .hasMessageContaining("web");
    assertThatThrownBy(() -> factory.createSocket("nobody.invalid", 80, local, 0))
        .isInstanceOf(UnknownHostException.class);
  }
}
