// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The minimum of HTTP that the examples need: a server with one page, and a client that fetches it.
 */
final class TinyHttp {
  private TinyHttp() {}

  /** Serves a page until the channel is closed. */
  static void serve(ServerSocketChannel server, byte[] page) {
    Thread thread =
        new Thread(
            () -> {
              while (server.isOpen()) {
                try (SocketChannel client = server.accept()) {
                  Socket socket = client.socket();
                  BufferedReader request =
                      new BufferedReader(
                          new InputStreamReader(
                              socket.getInputStream(), StandardCharsets.US_ASCII));
                  while (!"".equals(request.readLine())) {
                    continue; // skips the headers
                  }
                  String head = "HTTP/1.0 200 OK\r\nContent-Length: " + page.length + "\r\n\r\n";
                  client.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
                  ByteBuffer body = ByteBuffer.wrap(page);
                  while (body.hasRemaining()) {
                    client.write(body);
                  }
                } catch (IOException e) {
                  continue; // the client has closed the connection
                }
              }
            },
            "http");
    thread.setDaemon(true);
    thread.start();
  }

  /** Fetches the page. */
  static byte[] get(SocketChannel channel) throws IOException {
    OutputStream out = channel.socket().getOutputStream();
    out.write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    InputStream in = channel.socket().getInputStream();
    byte[] all = in.readAllBytes();
    String text = new String(all, StandardCharsets.ISO_8859_1);
    return Arrays.copyOfRange(all, text.indexOf("\r\n\r\n") + 4, all.length);
  }
}
