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

/**
 * Measures all contenders in turn and writes what came of it: {@code Contest RESULTS CONTENDERS
 * [FULL]}, where the second directory holds the contenders' programs.
 *
 * <p>For each operation there are some rounds, and in each round each contender has its turn, so
 * that what else the machine does meets all of them alike.
 */
public final class Contest {
  private final Path results;
  private final Path directory;
  private final List<Contender> contenders;
  private final boolean full;
  private final Samples samples = new Samples();
  private final List<RunResult> jmh = new ArrayList<>();
  private final Settings settings = Settings.fromSystem();

  private Contest(Path results, Path directory, List<Contender> contenders, boolean full) {
    this.results = results;
    this.directory = directory;
    this.contenders = contenders;
    this.full = full;
  }

  /**
   * Runs the contest.
   *
   * @param args where results go, where contenders are, and true to run all
   * @throws Exception if something could not be measured
   */
  public static void main(String[] args) throws Exception {
    Path results = Files.createDirectories(Path.of(args[0]));
    boolean full = args.length > 2 && Boolean.parseBoolean(args[2]);
    Path programs = Path.of(args[1]);
    new Contest(results, programs, Contender.all(programs), full).run();
  }

  private void run() throws Exception {
    String load = Method.load();
    for (Contender one : contenders) {
      if (one.absent() != null) {
        System.out.println(one.name() + " is absent: " + one.absent());
      }
    }
    List<String> alone = new ArrayList<>();
    for (Operation operation : Operation.all()) {
      if (operation.toString().matches(settings.only())) {
        try {
          measure(operation);
        } catch (RunnerException | RuntimeException e) { // the others count all the same
          e.printStackTrace();
          alone.add("- FAILED: " + operation + ": " + e);
        }
      }
    }
    if ("Codec".matches(settings.only())) {
      codec(alone);
    }
    if ("OwnJvm".matches(settings.only())) {
      alone.addAll(new OwnJvm(settings).measure(directory));
    }
    report(load + ", " + Method.load(), alone);
  }

  private void report(String load, List<String> alone) throws IOException {
    Table table = new Table(samples, contenders);
    Plots plots = new Plots(samples, contenders);
    String more = String.join("\n", alone) + "\n";
    write("METHOD.md", Method.markdown(contenders, load));
    write("samples.json", samples.json());
    writeJmh();
    write("table.md", table.markdown() + "\n" + Targets.markdown(samples) + "\n" + more);
    write("time-per-operation.svg", plots.perOperation());
    write(
        "list-by-size.svg", plots.bySize("listInterfaces", "Listing interfaces, by their number"));
    write(
        "build-by-size.svg",
        plots.bySize("starBuild", "Building a star of jails, by their number"));
    write(
        "tear-down-by-size.svg", plots.bySize("starTearDown", "Tearing a star down, by its jails"));
    System.out.println(table.text() + "\n\n" + Targets.markdown(samples) + "\n" + more);
    System.out.println("Written to " + results.toAbsolutePath());
  }

  /** The codec alone, with what it allocates. */
  private void codec(List<String> lines) throws RunnerException {
    ChainedOptionsBuilder options = steady(common("\\.Codec\\.")).addProfiler(GCProfiler.class);
    for (RunResult result : new Runner(options.build()).run()) {
      jmh.add(result);
      lines.add(
          String.format(
              "- codec: %s %s, %.0f bytes allocated",
              result.getPrimaryResult().getLabel(),
              Table.time(result.getPrimaryResult().getScore()),
              result.getSecondaryResults().get("gc.alloc.rate.norm").getScore()));
    }
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

  private ChainedOptionsBuilder common(String pattern) {
    return new OptionsBuilder()
        .include(pattern)
        .forks(1)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .jvmArgsAppend(settings.jvmArgs());
  }

  private static ChainedOptionsBuilder steady(ChainedOptionsBuilder options) {
    return options
        .warmupIterations(1)
        .warmupTime(TimeValue.milliseconds(1500))
        .measurementIterations(3)
        .measurementTime(TimeValue.milliseconds(200));
  }

  private ChainedOptionsBuilder options(Operation operation) {
    ChainedOptionsBuilder options = common(operation.pattern());
    if (operation.size() > 0) {
      options.param("size", Integer.toString(operation.size()));
    }
    return operation.isStar()
        ? options.warmupIterations(0).measurementIterations(1)
        : steady(options);
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
