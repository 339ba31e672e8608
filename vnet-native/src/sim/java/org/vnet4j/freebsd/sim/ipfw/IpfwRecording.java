// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ipfw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The recorded dialogue between ipfw(8) and a kernel of FreeBSD 15.1. */
final class IpfwRecording {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<JsonNode> COMMANDS = lines("ipfw15-commands.jsonl");
  private static final List<JsonNode> VECTORS = lines("ipfw-vectors.jsonl");

  private IpfwRecording() {}

  private static List<JsonNode> lines(String file) {
    InputStream in =
        Objects.requireNonNull(IpfwRecording.class.getResourceAsStream("/freebsd/" + file), file);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().map(IpfwRecording::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the bytes of the n-th answer to a command, counted from 0. */
  static byte[] answer(String command, int number) {
    JsonNode io =
        COMMANDS.stream()
            .filter(line -> line.get("command").asText().equals(command))
            .findFirst()
            .orElseThrow()
            .get("io");
    return StreamSupport.stream(io.spliterator(), false)
        .filter(one -> one.get("dir").asText().equals("get-out"))
        .skip(number)
        .findFirst()
        .map(one -> HexFormat.of().parseHex(one.get("bytes").asText()))
        .orElseThrow();
  }

  /**
   * Returns the request that ipfw(8) compiles from a rule; empty if the recording lacks the rule.
   */
  static Optional<byte[]> request(String rule, int version) {
    return VECTORS.stream()
        .filter(line -> line.get("rule").asText().equals(rule))
        .findFirst()
        .map(line -> HexFormat.of().parseHex(line.get("v" + version).asText()));
  }

  /** Returns the text by which ipfw(8) lists a recorded rule. */
  static Optional<String> shown(String rule) {
    return VECTORS.stream()
        .filter(line -> line.get("rule").asText().equals(rule) && line.hasNonNull("shown"))
        .findFirst()
        .map(line -> line.get("shown").asText());
  }
}
