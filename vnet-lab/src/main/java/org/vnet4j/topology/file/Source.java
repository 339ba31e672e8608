// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads the text of a file and its YAML document, within the limits of {@link TopologyFile}. */
final class Source {
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final String name;

  /** The largest file in bytes, and the longest text in characters. */
  private final int size = limit(TopologyFile.SIZE, 3 << 20, Integer.MAX_VALUE / 2);

  /** The most lists and mappings within one another. */
  private final int depth = limit(TopologyFile.DEPTH, 50, 1000);

  /**
   * Names a source.
   *
   * @param name its name in errors
   */
  Source(String name) {
    this.name = name;
  }

  private static int limit(String property, int otherwise, int most) {
    return Math.max(1, Math.min(Integer.getInteger(property, otherwise), most));
  }

  private TopologyFile.InvalidException wrong(int line, int column, String message) {
    return new TopologyFile.InvalidException(
        name, List.of(new TopologyFile.Problem(line, column, message)));
  }

  private TopologyFile.InvalidException tooLarge(String unit) {
    return wrong(
        1,
        1,
        "more than "
            + size
            + " "
            + unit
            + "; the system property "
            + TopologyFile.SIZE
            + " sets another limit");
  }

  /** Reads a file in UTF-8. */
  String read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(size + 1);
    }
    if (bytes.length > size) {
      throw tooLarge("bytes");
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      throw notUtf8(out.toString(), bytes[in.position()] & 0xff);
    }
    return out.toString();
  }

  private TopologyFile.InvalidException notUtf8(String before, int octet) {
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    String other =
        before.isEmpty() && octet >= 0xfe ? "UTF-16" : "ISO-8859-1 (Latin-1) or windows-1252";
    return wrong(
        line,
        before.length() - before.lastIndexOf('\n'),
        "byte 0x%02x: the file is not in UTF-8; it may be in %s: convert it, for instance with iconv(1)"
            .formatted(octet, other));
  }

  /** Composes the document of a text. A byte order mark at its start is skipped. */
  Node compose(String text) {
    if (text.length() > size) {
      throw tooLarge("characters");
    }
    String plain = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(Integer.MAX_VALUE).build();
    try {
      return new BoundedComposer(settings, plain)
          .getSingleNode()
          .orElseThrow(() -> wrong(1, 1, "the file is empty"));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      int column = e.getProblemMark().map(Mark::getColumn).orElse(0) + 1;
      throw wrong(line, column, e.getProblem());
    } catch (YamlEngineException e) {
      throw wrong(1, 1, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  /**
   * Composes nodes and refuses what is nested too deeply: composing is recursive, parsing is not.
   */
  private final class BoundedComposer extends Composer {
    private int nested;

    BoundedComposer(LoadSettings settings, String text) {
      super(settings, new ParserImpl(settings, new StreamReader(settings, text)));
    }

    @Override
    protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
      enter();
      SequenceNode node = super.composeSequenceNode(anchor);
      nested--;
      return node;
    }

    @Override
    protected Node composeMappingNode(Optional<Anchor> anchor) {
      enter();
      Node node = super.composeMappingNode(anchor);
      nested--;
      return node;
    }

    private void enter() {
      if (++nested > depth) {
        Optional<Mark> at = parser.peekEvent().getStartMark();
        throw wrong(
            at.map(Mark::getLine).orElse(0) + 1,
            at.map(Mark::getColumn).orElse(0) + 1,
            "more than "
                + depth
                + " lists and mappings within one another; the system property "
                + TopologyFile.DEPTH
                + " sets another limit, up to 1000");
      }
    }
  }
}
