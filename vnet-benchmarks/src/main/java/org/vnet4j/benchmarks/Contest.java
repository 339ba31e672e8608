// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures all contenders in turn and writes what came of it: {@code Contest RESULTS CONTENDERS
 * [full]}, where the second directory holds the contenders' programs.
 *
 * <p>For each operation there are some rounds, and in each round each contender has its turn, so
 * that what else the machine does meets all of them alike.
 */
public final class Contest {
  private final Path results;
  private final List<Contender> contenders;
  private final boolean full;
  private final Samples samples = new Samples();
  private final List<RunResult> jmh = new ArrayList<>();
  private final Settings settings = Settings.fromSystem();

  private Contest(Path results, List<Contender> contenders, boolean full) {
    this.results = results;
    this.contenders = contenders;
    this.full = full;
  }

  /**
   * Runs the contest.
   *
   * @param args where results go, where contenders are, and perhaps {@code full}
   * @throws Exception if something could not be measured
   */
  public static void main(String[] args) throws Exception {
    Path results = Files.createDirectories(Path.of(args[0]));
    boolean full = args.length > 2 && args[2].equals("full");
    new Contest(results, Contender.all(Path.of(args[1])), full).run();
  }

  private void run() throws IOException, RunnerException {
    for (Contender one : contenders) {
      if (one.absent() != null) {
        System.out.println(one.name() + " is absent: " + one.absent());
      }
    }
    for (Operation operation : Operation.all()) {
      if (operation.toString().matches(settings.only())) {
        measure(operation);
      }
    }
    write("samples.json", samples.json());
    writeJmh();
    write("table.md", new Table(samples, contenders).markdown());
    System.out.println(new Table(samples, contenders).text());
  }

  private void measure(Operation operation) throws RunnerException {
    int rounds = operation.rounds(full);
    for (int round = 0; round < rounds; round++) {
      if (operation.isOurs()) {
        Collection<RunResult> ours = new Runner(options(operation).build()).run();
        jmh.addAll(ours);
        samples.add(operation, Samples.OURS, scores(ours));
      }
      for (Contender one : contenders) {
        if (one.can(operation) && (full || !tooLong(operation, one))) {
          samples.add(operation, one.name(), one.measure(operation));
        }
      }
    }
    System.err.println(operation + " " + new Table(samples, contenders).row(operation));
  }

  /** The tools need half a minute for each large star. */
  private static boolean tooLong(Operation operation, Contender contender) {
    return operation.isStar() && operation.size() == 1000 && !contender.name().equals("C loop");
  }

  private ChainedOptionsBuilder options(Operation operation) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(operation.pattern())
            .forks(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .jvmArgsAppend(settings.jvmArgs());
    if (operation.size() > 0) {
      options.param("size", Integer.toString(operation.size()));
    }
    return operation.isStar()
        ? options.warmupIterations(0).measurementIterations(1)
        : options
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(1500))
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

  private void writeJmh() throws IOException {
    try (PrintStream out =
        new PrintStream(results.resolve("jmh.json").toFile(), StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(jmh);
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(results.resolve(name), text);
  }
}
