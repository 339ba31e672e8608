// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The table of the results: the medians of all contenders, each with the ratio of the library's
 * time to it.
 */
final class ResultTable {
  private final Samples samples;
  private final List<String> contenders = new ArrayList<>();

  ResultTable(Samples samples, List<Contender> contenders) {
    this.samples = samples;
    this.contenders.add(Samples.OURS);
    contenders.forEach(one -> this.contenders.add(one.name()));
  }

  /** Formats a time in a suitable unit. */
  static String time(double ns) {
    double value = ns;
    String unit = "ns";
    for (String next : new String[] {"µs", "ms", "s"}) {
      if (value < 1000) {
        break;
      }
      value /= 1000;
      unit = next;
    }
    String form = value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, form, value, unit);
  }

  static String ratio(double ratio) {
    return String.format(Locale.ROOT, ratio < 0.1 ? "%.3f" : "%.2f", ratio);
  }

  private String cell(Operation operation, String contender) {
    OptionalDouble median = samples.median(operation, contender);
    if (median.isEmpty()) {
      return samples.hasFailed(operation, contender) ? "failed" : "-";
    }
    String time = time(median.getAsDouble());
    OptionalDouble ratio = samples.ratio(operation, contender);
    return contender.equals(Samples.OURS) || ratio.isEmpty()
        ? time
        : time + " (" + ratio(ratio.getAsDouble()) + ")";
  }

  List<String> row(Operation operation) {
    return contenders.stream().map(one -> cell(operation, one)).toList();
  }

  String markdown() {
    StringBuilder out = new StringBuilder("| operation |");
    contenders.forEach(one -> out.append(' ').append(one).append(" |"));
    out.append("\n|---|").append("--:|".repeat(contenders.size())).append('\n');
    for (Operation operation : samples.operations()) {
      out.append("| ").append(operation).append(" | ");
      out.append(String.join(" | ", row(operation))).append(" |\n");
    }
    return out.toString();
  }

  /** Formats the table for a terminal. */
  String text() {
    StringBuilder out = new StringBuilder(String.format("%-26s", "operation"));
    contenders.forEach(one -> out.append(String.format("%18s", one)));
    for (Operation operation : samples.operations()) {
      out.append(String.format("%n%-26s", operation));
      row(operation).forEach(cell -> out.append(String.format("%18s", cell)));
    }
    return out.toString();
  }
}
