// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.BlockedCall;

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
}
