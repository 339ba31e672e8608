// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.vnet4j.Exec;
import org.vnet4j.Jail;
import org.vnet4j.NetworkStack;

/**
 * Runs a web server in a jail and connects to it from the host. The server is python3 if it is
 * installed, otherwise a socket of this program.
 */
final class WebServer {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private WebServer() {}

  static void run(NetworkStack client, Jail jail, String address, Narrator narrator) {
    String shell = "jexec networkjail python3 -m http.server 80";
    try {
      if (hasPython()) {
        narrator.step(shell, "jail.exec(\"python3\", \"-m\", \"http.server\", \"80\").start();");
        Process server =
            jail.exec("python3", "-m", "http.server", "80")
                .directory(Path.of("/usr/share"))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        fetch(client, address, narrator);
        server.destroy();
        server.waitFor(5, TimeUnit.SECONDS);
      } else {
        narrator.step(
            shell,
            "jail.sockets().listen(\"" + address + "\", 80);   // no python3 here: our own server");
        try (ServerSocketChannel server = jail.sockets().listen(address, 80)) {
          Thread thread = new Thread(() -> serveOne(server), "tour-web-server");
          thread.setDaemon(true);
          thread.start();
          fetch(client, address, narrator);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean hasPython() {
    return Arrays.stream(Exec.DEFAULT_PATH.split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
  }

  private static void fetch(NetworkStack client, String address, Narrator narrator) {
    narrator.step(
        "fetch -o - http://" + address + "/",
        "host.sockets().connect(\"" + address + "\", 80, timeout);");
    narrator.show(narrator.patiently("waiting for the server", () -> get(client, address)));
  }

  /**
   * Requests the first page and returns the first three lines of the answer. Tries again until the
   * server accepts connections.
   */
  private static String get(NetworkStack client, String address) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (SocketChannel channel = client.sockets().connect(address, 80, Duration.ofSeconds(5))) {
        String request = "GET / HTTP/1.0\r\nHost: " + address + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer answer = ByteBuffer.allocate(4096);
        while (answer.hasRemaining() && channel.read(answer) >= 0) {}
        String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        return String.join("\n", text.lines().limit(3).toList());
      } catch (ConnectException e) {
        if (System.nanoTime() > deadline) {
          throw new UncheckedIOException("the server in the jail did not start", e);
        }
        pause();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void serveOne(ServerSocketChannel server) {
    try (SocketChannel client = server.accept()) {
      client.read(ByteBuffer.allocate(1024));
      String answer = "HTTP/1.0 200 OK\r\nServer: vnet4j-tour\r\nContent-Length: 0\r\n\r\n";
      client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
