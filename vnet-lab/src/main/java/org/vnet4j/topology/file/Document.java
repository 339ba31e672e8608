// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML document that is read part by part, and the problems found so far. */
final class Document {
  private final List<TopologyFile.Problem> problems = new ArrayList<>();

  /** Returns the problems in the order of the file. */
  List<TopologyFile.Problem> problems() {
    problems.sort(
        Comparator.comparingInt(TopologyFile.Problem::line)
            .thenComparingInt(TopologyFile.Problem::column));
    return problems;
  }

  /** Returns the names and values of a mapping, and reports names that are not among the keys. */
  Map<String, Node> mapping(@Nullable Node node, String what, @Nullable Set<String> keys) {
    Map<String, Node> map = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        String key = scalar(tuple.getKeyNode(), "key");
        if (keys != null && !keys.contains(key)) {
          wrong(tuple.getKeyNode(), what + " has no \"" + key + "\", only " + sorted(keys));
        } else if (map.putIfAbsent(key, tuple.getValueNode()) != null) {
          wrong(tuple.getKeyNode(), "\"" + key + "\" is there twice");
        }
      }
    } else if (node != null) {
      wrong(node, what + ": names with values are expected here");
    }
    return map;
  }

  private static List<String> sorted(Set<String> keys) {
    return keys.stream().sorted().toList();
  }

  /** Returns the elements of a list; a single value is a list of one element. */
  static List<Node> list(@Nullable Node node) {
    return node == null
        ? List.of()
        : node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
  }

  String scalar(@Nullable Node node, String what) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    if (node != null) {
      wrong(node, what + ": one value is expected here");
    }
    return "";
  }

  /** Returns the value that a word names, or reports that the word names none of them. */
  <E> Optional<E> oneOf(Node at, String what, String word, E[] values) {
    Optional<E> found =
        Arrays.stream(values).filter(one -> one.toString().equals(word)).findFirst();
    if (found.isEmpty()) {
      String all = Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "));
      wrong(at, what.formatted(word) + " none of " + all);
    }
    return found;
  }

  void attempt(Node at, Supplier<Object> work) {
    try {
      work.get();
    } catch (IllegalArgumentException e) {
      wrong(at, String.valueOf(e.getMessage()));
    }
  }

  void wrong(Node at, String message) {
    int line = at.getStartMark().map(Mark::getLine).orElse(0) + 1;
    int column = at.getStartMark().map(Mark::getColumn).orElse(0) + 1;
    problems.add(new TopologyFile.Problem(line, column, message));
  }
}
