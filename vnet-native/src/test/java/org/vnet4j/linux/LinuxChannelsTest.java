// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Capture;
import org.vnet4j.contract.kit.BlockedCall;
import org.vnet4j.linux.registry.DirectoryRegistry;
import org.vnet4j.linux.registry.JailRegistry;
import org.vnet4j.posix.helper.HelperProgram;
import org.vnet4j.spi.StackParts;

/** The channels of a removed jail that this library did not open, or that a selector has. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
final class LinuxChannelsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Vnet vnet;
  private Jail jail;

  @BeforeEach
  void a_jail_with_a_loopback() {
    vnet = Vnet.sandbox();
    jail = vnet.host().jail("web").create();
    jail.iface("lo").up();
  }

  @AfterEach
  void close() {
    vnet.close();
  }

  @Test
  void a_wait_in_an_accepted_channel_ends_with_the_jail() throws Exception {
    try (ServerSocketChannel server = jail.sockets().listen("127.0.0.1", 0);
        SocketChannel client =
            jail.sockets().connect("127.0.0.1", server.socket().getLocalPort(), PATIENCE);
        SocketChannel accepted = server.accept();
        ServerSocketChannel ofHost = vnet.host().sockets().tcpServer()) {
      BlockedCall reads = new BlockedCall(() -> accepted.read(ByteBuffer.allocate(1)));

      jail.remove();

      assertThat(reads.failure())
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(AsynchronousCloseException.class)
          .hasMessageContaining("reset");
      assertThat(client.isOpen()).isFalse();
      assertThat(ofHost.isOpen()).isTrue();
    }
  }

  @Test
  void a_selector_wakes_when_the_jail_is_removed() throws Exception {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = jail.sockets().listen("127.0.0.1", 0)) {
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      BlockedCall selects =
          new BlockedCall(
              () -> {
                int ready = selector.select();
                throw new IOException(ready + " ready, " + selector.keys().size() + " left");
              });

      jail.remove();

      assertThat(selects.failure()).hasMessage("0 ready, 0 left");
      assertThatThrownBy(server::accept)
          .isInstanceOf(java.nio.channels.ClosedChannelException.class);
    }
  }

  @Test
  void waits_in_a_jail_end_when_another_program_removes_it() throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    assertThat(Jvm.linesOf(Jvm.startAlone(RemovedByAnother.class)))
        .containsExactly(
            "server AsynchronousCloseException", "accepted SocketException", "capture null");
  }

  /**
   * Waits in a jail that another session removes. This session looks by itself only after an hour:
   * a wait that ends shows that the removal was reported.
   */
  static final class RemovedByAnother {
    private RemovedByAnother() {}

    public static void main(String[] arguments) throws Exception {
      JailRegistry registry =
          new DirectoryRegistry(
              Path.of("/run/vnet4j"),
              Path.of("/run/netns"),
              Path.of("/proc/self/ns/net"),
              Duration.ofHours(1));
      try (Vnet other = Vnet.open();
          Vnet vnet =
              StackParts.vnet(
                  new LinuxKernel(HelperProgram.own(), false, registry, "waits", Set.of()))) {
        Jail removed = other.host().jail("web").create();
        removed.iface("lo").up();
        Jail jail = vnet.findJail("web").orElseThrow();
        ServerSocketChannel server = jail.sockets().listen("127.0.0.1", 0);
        SocketChannel client =
            jail.sockets().connect("127.0.0.1", server.socket().getLocalPort(), PATIENCE);
        SocketChannel accepted = server.accept();
        Capture capture = jail.iface("lo").capture().start();
        BlockedCall accepts = new BlockedCall(server::accept);
        BlockedCall reads = new BlockedCall(() -> accepted.read(ByteBuffer.allocate(1)));
        CompletableFuture<Object> captures = CompletableFuture.supplyAsync(capture::next);

        removed.remove();

        System.out.println("server " + accepts.failure().getClass().getSimpleName());
        System.out.println("accepted " + reads.failure().getClass().getSimpleName());
        try {
          System.out.println("capture " + captures.get(30, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
          System.out.println("capture " + e.getCause().getClass().getSimpleName());
        }
        client.close();
      }
      System.exit(0);
    }
  }
}
