// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
      if (Math.abs(value) < 1000) {
        break;
      }
      value /= 1000;
      unit = next;
    }
    double size = Math.abs(value);
    String form = size < 10 ? "%.2f %s" : size < 100 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, form, value, unit);
  }

  /** Formats a difference in microseconds. */
  static String micros(double ns) {
    String form = Math.abs(ns) < 100_000 ? "%+.2f µs" : "%+,.0f µs";
    return String.format(Locale.ROOT, form, ns / 1000);
  }

  static String ratio(double ratio) {
    return String.format(Locale.ROOT, ratio < 0.1 ? "%.3f" : "%.2f", ratio);
  }

  private String cell(Operation operation, String contender) {
    Interval time = samples.interval(operation, contender).orElse(null);
    if (time == null) {
      return samples.hasFailed(operation, contender) ? "failed" : "-";
    }
    String median = operation.format(time.median());
    if (contender.equals(Samples.OURS)) {
      return median;
    }
    return samples
        .ratio(operation, contender)
        .map(ratio -> median + " (" + ratio(ratio.median()) + ")")
        .orElse(median);
  }

  /** Returns the interval of the ratio to the C loop, and the difference. */
  private List<String> toLoop(Operation operation) {
    return List.of(
        samples
            .ratio(operation, Contender.LOOP)
            .map(one -> ratio(one.low()) + " to " + ratio(one.high()))
            .orElse("-"),
        samples.difference(operation, Contender.LOOP).map(one -> micros(one.median())).orElse("-"));
  }

  List<String> row(Operation operation) {
    List<String> row = new ArrayList<>();
    contenders.forEach(one -> row.add(cell(operation, one)));
    row.addAll(2, toLoop(operation));
    return row;
  }

  private List<String> heads() {
    List<String> heads = new ArrayList<>(contenders);
    heads.addAll(2, List.of("interval", "ours minus C"));
    return heads;
  }

  /** Formats two tables, of what is repeated and of what is the first in its process. */
  String markdown() {
    return markdown(false) + "\nThe first in a JVM, or in a process:\n\n" + markdown(true);
  }

  private String markdown(boolean cold) {
    StringBuilder out = new StringBuilder("| operation |");
    heads().forEach(one -> out.append(' ').append(one).append(" |"));
    out.append("\n|---|").append("--:|".repeat(heads().size())).append('\n');
    for (Operation operation : samples.operations()) {
      if (operation.cold() == cold) {
        out.append("| ").append(operation).append(" | ");
        out.append(String.join(" | ", row(operation))).append(" |\n");
      }
    }
    return out.toString();
  }

  /** Formats the table for a terminal. */
  String text() {
    StringBuilder out = new StringBuilder(String.format("%-26s", "operation"));
    heads().forEach(one -> out.append(String.format("%18s", one)));
    for (Operation operation : samples.operations()) {
      out.append(String.format("%n%-26s", operation));
      row(operation).forEach(cell -> out.append(String.format("%18s", cell)));
    }
    return out.toString();
  }
}
