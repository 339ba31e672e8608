// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes the table of targets into PERFORMANCE.md, and deletes the results before these. */
final class PerformancePage {
  static final String BEGIN = "<!-- written by the contest: begin -->";
  static final String END = "<!-- written by the contest: end -->";

  private final Path results;

  PerformancePage(Path results) {
    this.results = results.toAbsolutePath().normalize();
  }

  /** Does nothing if these results are not those of this project. */
  void publish(String targets, String summary) throws IOException {
    Path all = results.getParent();
    Path page = all.resolve("../../PERFORMANCE.md").normalize();
    if (!all.endsWith("vnet-benchmarks/results") || !Files.exists(page)) {
      return;
    }
    String part =
        """
        SUMMARY
        The [method](LINK/METHOD.md) names the versions and the code of each contender. The
        [table](LINK/table.md) has all rows.

        TARGETS
        ![Time per operation](LINK/time-per-operation.svg)
        ![Building a star](LINK/build-by-size.svg)
        """
            .replace("SUMMARY", summary)
            .replace("TARGETS", targets)
            .replace("LINK", "vnet-benchmarks/results/" + results.getFileName());
    Files.writeString(page, replace(Files.readString(page), part));
    try (Stream<Path> older = Files.list(all)) {
      for (Path one : older.filter(one -> !one.equals(results)).toList()) {
        delete(one);
      }
    }
  }

  /** Replaces what is between the two marks. */
  static String replace(String page, String part) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("PERFORMANCE.md has no lines " + BEGIN + " and " + END);
    }
    return page.substring(0, begin) + BEGIN + "\n" + part + page.substring(end);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path one : deepestFirst) {
        Files.delete(one);
      }
    }
  }
}
