// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.vnet4j.NetworkStack;

/** A small server in a stack that sends its word to every client. */
public final class WordServer implements AutoCloseable {
  private final ServerSocketChannel server;
  private final String word;

  public WordServer(NetworkStack stack, String address, int port, String word) throws IOException {
    this.server = stack.sockets().listen(address, port);
    this.word = word;
    Thread thread = new Thread(this::serve, "greeter " + word);
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.socket().getLocalPort();
  }

  private void serve() {
    while (true) {
      try (SocketChannel client = server.accept()) {
        client.write(StandardCharsets.UTF_8.encode(word));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        if (!server.isOpen()) {
          return;
        }
      }
    }
  }

  /** Connects from a stack and returns the server's word. */
  public static String ask(NetworkStack from, String address, int port) throws IOException {
    try (SocketChannel channel = from.sockets().connect(address, port, Duration.ofSeconds(5))) {
      return hear(channel);
    }
  }

  /** Reads to the end of a blocking channel. */
  public static String hear(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1000);
    while (channel.read(buffer) >= 0) {
      // until the other side closes
    }
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
