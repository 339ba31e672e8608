// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures the codec with JMH, in a JVM of its own. */
final class Jmh {
  /**
   * The whole heap is allocated at the start: on a machine that must return free memory to its
   * host, each page by which the heap grows costs as much as reading an interface.
   */
  private static final String[] HEAP = {"-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"};

  private final ContestSettings settings;

  Jmh(ContestSettings settings) {
    this.settings = settings;
  }

  /** Measures the codec alone and its allocations; returns a line for each message. */
  List<String> codec() throws RunnerException {
    List<String> lines = new ArrayList<>();
    ChainedOptionsBuilder options = steady(common("\\.Codec\\.")).addProfiler(GCProfiler.class);
    for (RunResult result : new Runner(options.build()).run()) {
      lines.add(
          String.format(
              "- codec: %s %s, %.0f bytes allocated",
              result.getPrimaryResult().getLabel(),
              ResultTable.time(result.getPrimaryResult().getScore()),
              result.getSecondaryResults().get("gc.alloc.rate.norm").getScore()));
    }
    return lines;
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
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(3)
        .measurementTime(TimeValue.milliseconds(200));
  }
}
