// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures this library with JMH, each turn in a JVM of its own. */
final class Jmh {
  /**
   * The whole heap is allocated at the start: on a machine that must return free memory to its
   * host, each page by which the heap grows costs as much as reading an interface.
   */
  private static final String[] HEAP = {"-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"};

  private final ContestSettings settings;
  private final List<RunResult> all = new ArrayList<>();

  Jmh(ContestSettings settings) {
    this.settings = settings;
  }

  /**
   * Measures one round.
   *
   * @param atMost the time after which its JVM is killed
   */
  List<Double> measure(Operation operation, Duration atMost) throws RunnerException {
    ChainedOptionsBuilder options = common(operation.pattern());
    if (operation.size() > 0) {
      options.param("size", Integer.toString(operation.size()));
    }
    if (operation.isStar()) {
      options.warmupIterations(0).measurementIterations(1);
    } else {
      steady(options);
    }
    CompletableFuture<Void> overdue =
        CompletableFuture.runAsync(
            () -> ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly),
            CompletableFuture.delayedExecutor(atMost.toMillis(), TimeUnit.MILLISECONDS));
    try {
      Collection<RunResult> results = new Runner(options.build()).run();
      all.addAll(results);
      return scores(results);
    } finally {
      overdue.cancel(false);
    }
  }

  /** Measures the codec alone and its allocations; returns a line for each message. */
  List<String> codec() throws RunnerException {
    List<String> lines = new ArrayList<>();
    ChainedOptionsBuilder options = steady(common("\\.Codec\\.")).addProfiler(GCProfiler.class);
    for (RunResult result : new Runner(options.build()).run()) {
      all.add(result);
      lines.add(
          String.format(
              "- codec: %s %s, %.0f bytes allocated",
              result.getPrimaryResult().getLabel(),
              ResultTable.time(result.getPrimaryResult().getScore()),
              result.getSecondaryResults().get("gc.alloc.rate.norm").getScore()));
    }
    return lines;
  }

  /** Writes all results of JMH, in its own format. */
  void write(Path file) throws IOException {
    try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(all);
    }
  }

  private ChainedOptionsBuilder common(String pattern) {
    return new OptionsBuilder()
        .include(pattern)
        .forks(1)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .jvmArgsAppend(
            Stream.of(settings.jvmArgs(), HEAP).flatMap(Arrays::stream).toArray(String[]::new));
  }

  private static ChainedOptionsBuilder steady(ChainedOptionsBuilder options) {
    return options
        .warmupIterations(1)
        .warmupTime(TimeValue.seconds(3))
        .measurementIterations(3)
        .measurementTime(TimeValue.milliseconds(200));
  }

  private static List<Double> scores(Collection<RunResult> results) {
    return results.stream()
        .flatMap(result -> result.getBenchmarkResults().stream())
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(iteration -> iteration.getPrimaryResult().getScore())
        .toList();
  }
}
