// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the source lines in which each contender implements an operation, for links in the method.
 */
final class Sources {
  private static final String BENCHMARKS = "vnet-benchmarks/src/main/";
  private static final String JAVA = BENCHMARKS + "java/org/vnet4j/benchmarks/";

  private static final String OF_C = "\\{ \"NAME\",[^}]*[ \\n\\t](\\w+), \\w+ \\}";

  /**
   * A place to search: the contender, its file, and a pattern in which NAME stands for the
   * operation.
   */
  private record Place(String contender, String file, String pattern) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("Vnet for Java", JAVA + "VnetForJava.java", "^  public .* NAME\\("),
          new Place("Vnet for Java", JAVA + "LibraryOperations.java", "put\\(\\s*\"NAME\""),
          new Place("C loop", BENCHMARKS + "c/frozen/bench-linux.c", OF_C),
          new Place("C loop", BENCHMARKS + "c/bench-rows.c", OF_C),
          new Place("limit", BENCHMARKS + "c/bench-limit.c", OF_C),
          new Place("commands", BENCHMARKS + "c/bench-tools.c", "^\\t\\{ \"NAME\", \\{"),
          new Place(
              "commands",
              BENCHMARKS + "c/bench-tools.c",
              "^\\t\\{ \"NAME\", \\w+, \\w+, (\\w+), \\w+ \\}"),
          new Place("pyroute2", BENCHMARKS + "python/bench.py", "(?i)^class NAME\\("),
          new Place("netlink", BENCHMARKS + "go/bench.go", "name: \"NAME\","));

  private final Path results;

  /** Prepares links that are relative to a directory of results in this project. */
  Sources(Path results) {
    this.results = results.toAbsolutePath().normalize();
  }

  /** Returns a list of links; empty if the sources are not available. */
  String markdown() throws IOException {
    Path root = results;
    while (root != null && !Files.isDirectory(root.resolve("vnet-benchmarks"))) {
      root = root.getParent();
    }
    if (root == null) {
      return "";
    }
    StringBuilder out = new StringBuilder("\n## What each does, line by line\n\n");
    for (String name :
        Operation.groups(true).stream()
            .flatMap(List::stream)
            .map(Operation::name)
            .distinct()
            .toList()) {
      out.append("- ").append(name).append(": ").append(String.join(", ", links(root, name)));
      out.append('\n');
    }
    return out.toString();
  }

  private List<String> links(Path root, String name) throws IOException {
    List<String> links = new ArrayList<>();
    for (Place place : PLACES) {
      Path file = root.resolve(place.file());
      int line = line(Files.readString(file), place.pattern().replace("NAME", name));
      if (line > 0) {
        links.add("[" + place.contender() + "](" + results.relativize(file) + "#L" + line + ")");
      }
    }
    return links;
  }

  /**
   * Returns a line number. If the match names the function that implements the operation, that
   * function is searched.
   */
  private static int line(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
    if (!matcher.find()) {
      return 0;
    }
    if (matcher.groupCount() == 1) {
      return line(text, "^" + matcher.group(1) + "\\(");
    }
    return 1 + (int) text.substring(0, matcher.start()).chars().filter(c -> c == '\n').count();
  }
}
