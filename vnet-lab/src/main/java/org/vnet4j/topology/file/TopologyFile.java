// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;
import org.vnet4j.VnetException;
import org.vnet4j.net.Names;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topology;

/**
 * Reads a topology from a YAML file, or from a JSON file, which is YAML too. A file with machines
 * describes a topology that is spread over them: see {@link Spread}.
 *
 * <pre>{@code
 * name: lab
 * addresses: 10.0.0.0/16
 * routed: true
 * nodes:
 *   r1: router
 *   web: host
 *   db: host
 * links:
 *   - [web, r1]
 *   - {a: db, b: r1, mtu: 1400}
 * machines:
 *   alpha: {address: 198.51.100.1, nodes: [web, r1]}
 *   beta: {address: 198.51.100.2, nodes: db}
 * tunnels: vxlan
 * }</pre>
 *
 * <p>A byte order mark at the start is skipped. A file, or a text, may have 3,145,728 bytes, or
 * characters; its lists and mappings may be 50 deep. The system properties {@code
 * org.vnet4j.topology.file.size} and {@code org.vnet4j.topology.file.depth} set other limits.
 */
public final class TopologyFile {
  static final String SIZE = "org.vnet4j.topology.file.size";
  static final String DEPTH = "org.vnet4j.topology.file.depth";

  private TopologyFile() {}

  /**
   * Reads a file.
   *
   * @param file the file, in UTF-8
   * @return the topology
   * @throws IOException if the file cannot be read
   * @throws InvalidException with all problems of the text, or if it is too large or not in UTF-8
   */
  public static Topology read(Path file) throws IOException {
    return parse(file.toString(), new Source(file.toString()).read(file));
  }

  /**
   * Reads a text.
   *
   * @param source the name of the text in errors, such as the name of the file
   * @param text YAML or JSON
   * @return the topology
   * @throws InvalidException with all problems of the text
   */
  public static Topology parse(String source, String text) {
    return read(source, text, Reader::topology);
  }

  /**
   * Reads a file of a topology that is spread over machines. {@link #read} reads such a file too,
   * and returns the whole topology for one machine.
   *
   * @param file the file, in UTF-8
   * @return the topology with its machines
   * @throws IOException if the file cannot be read
   * @throws InvalidException with all problems of the text, such as missing machines
   */
  public static Spread readSpread(Path file) throws IOException {
    return parseSpread(file.toString(), new Source(file.toString()).read(file));
  }

  /**
   * Reads a text of a topology that is spread over machines.
   *
   * @param source the name of the text in errors, such as the name of the file
   * @param text YAML or JSON
   * @return the topology with its machines
   * @throws InvalidException with all problems of the text, such as missing machines
   */
  public static Spread parseSpread(String source, String text) {
    return read(source, text, Reader::spread);
  }

  private static <T> T read(
      String source, String text, BiFunction<Reader, Node, Optional<T>> part) {
    Node root = new Source(source).compose(text);
    Document document = new Document();
    return part.apply(new Reader(document), root)
        .orElseThrow(() -> new InvalidException(source, document.problems()));
  }

  /**
   * A problem in a file.
   *
   * @param line the line, counted from 1
   * @param column the column, counted from 1
   * @param message the error
   */
  public record Problem(int line, int column, String message) {

    /** Makes control characters visible: the message may quote the file. */
    public Problem {
      message = Names.visible(message);
    }

    /**
     * Returns the problem in one line.
     *
     * @return such as {@code 12:5: there is no node bd}
     */
    @Override
    public String toString() {
      return line + ":" + column + ": " + message;
    }
  }

  /** Reports all problems of a file that is not a topology. */
  public static final class InvalidException extends VnetException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidException(String source, List<Problem> problems) {
      super(
          problems.stream()
              .map(problem -> source + ":" + problem)
              .collect(Collectors.joining("\n")));
      this.problems = List.copyOf(problems);
    }

    /**
     * Returns the problems.
     *
     * @return the problems in the order of the file
     */
    public List<Problem> problems() {
      return problems;
    }
  }
}
