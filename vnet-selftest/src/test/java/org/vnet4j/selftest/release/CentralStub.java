// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest.release;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Stands in for Maven Central's publisher on the loopback interface: takes one bundle, and finds it
 * valid.
 *
 * <p>{@code java CentralStub.java DIRECTORY} writes its address to {@code address} in the
 * directory, and the bundle to {@code bundle.zip}. It serves until it is killed.
 */
final class CentralStub {
  private static final String ID = "00000000-0000-4000-8000-000000000000";

  private CentralStub() {}

  public static void main(String... arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/publisher/upload",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          Files.write(directory.resolve("bundle.zip"), part(body));
          answer(exchange, 201, ID);
        });
    server.createContext(
        "/api/v1/publisher/status",
        exchange ->
            answer(
                exchange,
                200,
                """
                {"deploymentId": "%s", "deploymentName": "a trial", "deploymentState": "VALIDATED",
                 "purls": [], "errors": {}, "warnings": []}
                """
                    .formatted(ID)));
    server.start();
    Path address = directory.resolve("address");
    Path written = Files.writeString(directory.resolve("address.new"), address(server));
    Files.move(written, address);
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns the content of the only part of a body of type multipart/form-data. */
  static byte[] part(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String boundary = text.substring(0, text.indexOf("\r\n"));
    int start = text.indexOf("\r\n\r\n") + 4;
    int end = text.lastIndexOf("\r\n" + boundary + "--");
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    part.write(body, start, end - start);
    return part.toByteArray();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
