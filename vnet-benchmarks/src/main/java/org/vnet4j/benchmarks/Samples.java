// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** The measurements: for each operation and contender the nanoseconds of each sample. */
final class Samples {
  /** The library's name among the contenders. */
  static final String OURS = "Vnet for Java";

  private final Map<Operation, Map<String, List<Double>>> all = new LinkedHashMap<>();
  private final Map<Operation, Set<String>> failed = new HashMap<>();

  void add(Operation operation, String contender, List<Double> nanoseconds) {
    all.computeIfAbsent(operation, key -> new LinkedHashMap<>())
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .addAll(nanoseconds);
  }

  /** Records that a contender failed. */
  void failed(Operation operation, String contender) {
    all.computeIfAbsent(operation, key -> new LinkedHashMap<>());
    failed.computeIfAbsent(operation, key -> new HashSet<>()).add(contender);
  }

  boolean hasFailed(Operation operation, String contender) {
    return failed.getOrDefault(operation, Set.of()).contains(contender);
  }

  List<Operation> operations() {
    return List.copyOf(all.keySet());
  }

  /** Returns the median in nanoseconds; empty if the operation was not measured. */
  OptionalDouble median(Operation operation, String contender) {
    List<Double> samples = all.getOrDefault(operation, Map.of()).get(contender);
    if (samples == null || samples.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = new ArrayList<>(samples);
    Collections.sort(sorted);
    int half = sorted.size() / 2;
    return OptionalDouble.of(
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2);
  }

  /** Returns the ratio of the library's median to another's: below 1 the library is faster. */
  OptionalDouble ratio(Operation operation, String contender) {
    OptionalDouble ours = median(operation, OURS);
    OptionalDouble theirs = median(operation, contender);
    return ours.isPresent() && theirs.isPresent()
        ? OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Writes all samples, one object for each operation and contender. */
  String json() {
    return all.entrySet().stream()
        .flatMap(one -> one.getValue().entrySet().stream().map(by -> json(one.getKey(), by)))
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  private static String json(Operation operation, Map.Entry<String, List<Double>> by) {
    String samples =
        by.getValue().stream()
            .map(value -> String.format(Locale.ROOT, "%.1f", value))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "  {\"operation\": \"%s\", \"size\": %d, \"contender\": \"%s\", \"unit\": \"ns/op\","
            + " \"samples\": [%s]}",
        operation.name(),
        operation.size(),
        by.getKey(),
        samples);
  }
}
