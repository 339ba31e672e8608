// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The measurements: for each operation and contender the samples in their order, in nanoseconds
 * unless the operation has another unit. The samples of equal number are neighbours in time, so
 * they are compared in pairs.
 */
final class Samples {
  /** The library's name among the contenders. */
  static final String OURS = "Vnet for Java";

  private final Map<Operation, Map<String, List<Double>>> all = new LinkedHashMap<>();
  private final Map<Operation, Set<String>> failed = new HashMap<>();
  private final Map<String, List<Long>> retries = new TreeMap<>();

  void add(Operation operation, String contender, double sample) {
    all.computeIfAbsent(operation, key -> new LinkedHashMap<>())
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .add(sample);
  }

  /** Records how many requests of a sample were repeated. */
  void retried(Operation operation, String contender, long times) {
    retries.computeIfAbsent(operation + " by " + contender, key -> new ArrayList<>()).add(times);
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

  private List<Double> of(Operation operation, String contender) {
    return all.getOrDefault(operation, Map.of()).getOrDefault(contender, List.of());
  }

  /** Returns the median and its interval; empty if the operation was not measured. */
  Optional<Interval> interval(Operation operation, String contender) {
    List<Double> samples = of(operation, contender);
    return samples.isEmpty() ? Optional.empty() : Optional.of(Interval.of(samples));
  }

  /** Returns the ratio of the library's time to another's: below 1 the library is faster. */
  Optional<Interval> ratio(Operation operation, String contender) {
    return compare(operation, OURS, operation, contender, (ours, theirs) -> ours / theirs);
  }

  /** Returns what the library takes more than another. */
  Optional<Interval> difference(Operation operation, String contender) {
    return compare(operation, OURS, operation, contender, (ours, theirs) -> ours - theirs);
  }

  /** Compares pairs of samples. */
  Optional<Interval> compare(
      Operation operation,
      String contender,
      Operation other,
      String otherContender,
      DoubleBinaryOperator how) {
    List<Double> first = of(operation, contender);
    List<Double> second = of(other, otherContender);
    List<Double> pairs =
        IntStream.range(0, Math.min(first.size(), second.size()))
            .mapToObj(i -> how.applyAsDouble(first.get(i), second.get(i)))
            .toList();
    return pairs.isEmpty() ? Optional.empty() : Optional.of(Interval.of(pairs));
  }

  /** Returns a line for each row whose requests may be lost. */
  List<String> retries() {
    return retries.entrySet().stream()
        .map(
            row ->
                String.format(
                    Locale.ROOT,
                    "- repeated requests: %s: %d in %d samples, %d in one at most",
                    row.getKey(),
                    row.getValue().stream().mapToLong(Long::longValue).sum(),
                    row.getValue().size(),
                    row.getValue().stream().mapToLong(Long::longValue).max().orElse(0)))
        .toList();
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
        "  {\"operation\": \"%s\", \"size\": %d, \"cold\": %b, \"contender\": \"%s\","
            + " \"samples\": [%s]}",
        operation.name(),
        operation.size(),
        operation.cold(),
        by.getKey(),
        samples);
  }
}
