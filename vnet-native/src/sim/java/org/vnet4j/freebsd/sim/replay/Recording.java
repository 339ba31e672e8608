// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.vnet4j.freebsd.sim.FreeBsdAbi;

/** The calls to a running FreeBSD 15.1 and their answers, line by line. */
public final class Recording {
  private Recording() {}

  /**
   * A line of the recording.
   *
   * @param file trace or events
   * @param number line number, from 1
   * @param json the call and its answer
   */
  public record Line(String file, int number, JsonNode json) {
    public String call() {
      return text("call");
    }

    public String text(String field) {
      return json.path(field).asText();
    }

    public boolean has(String field) {
      return json.has(field);
    }

    public int number(String field) {
      return json.path(field).asInt();
    }

    public byte[] bytes(String field) {
      return HexFormat.of().parseHex(text(field));
    }

    public List<String> texts(String field) {
      List<String> texts = new ArrayList<>();
      json.path(field).forEach(node -> texts.add(node.asText()));
      return texts;
    }

    public boolean failed() {
      return number("rc") == -1;
    }

    /** Returns the number of an ioctl request. */
    public long request() {
      return has("reqno") ? json.path("reqno").asLong() : FreeBsdAbi.request(text("req"));
    }

    @Override
    public String toString() {
      return file
          + " line "
          + number
          + " ("
          + text("step")
          + " "
          + call()
          + " "
          + text("req")
          + ")";
    }
  }

  /** Returns all lines of {@code freebsd15-trace.jsonl}. */
  public static List<Line> trace() {
    return read("trace");
  }

  /** Returns all lines of {@code freebsd15-events.jsonl}. */
  public static List<Line> events() {
    return read("events");
  }

  private static List<Line> read(String file) {
    ObjectMapper mapper = new ObjectMapper();
    List<Line> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Recording.class.getResourceAsStream("/freebsd/freebsd15-" + file + ".jsonl"),
                StandardCharsets.UTF_8))) {
      String text = reader.readLine();
      while (text != null) {
        lines.add(new Line(file, lines.size() + 1, mapper.readTree(text)));
        text = reader.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
