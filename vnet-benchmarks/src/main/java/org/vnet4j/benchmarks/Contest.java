// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The program that measures all contenders in turn and writes the results: {@code Contest RESULTS
 * CONTENDERS [FULL]}; the second directory contains the contenders' programs.
 *
 * <p>Each operation is measured in several rounds. In each round every contender has one turn, so
 * that other load on the machine affects all alike. A turn that fails or takes too long is reported
 * in the results, and the others continue. The short set starts no further turn when its time is
 * over.
 */
public final class Contest {
  private static final Duration TURN_OF_FULL = Duration.ofMinutes(5);

  private final Path results;
  private final Path directory;
  private final List<Contender> contenders;
  private final boolean full;
  private final Samples samples = new Samples();
  private final ContestSettings settings = ContestSettings.fromSystem();
  private final Jmh jmh = new Jmh(settings);
  private final long begin = System.nanoTime();

  /** The lines below the table. */
  private final List<String> lines = new ArrayList<>();

  private Contest(Path results, Path directory, List<Contender> contenders, boolean full) {
    this.results = results;
    this.directory = directory;
    this.contenders = contenders;
    this.full = full;
  }

  /**
   * Runs the contest.
   *
   * @param args the directory of the results, that of the contenders, and true for the full set
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
    String limits;
    try (KernelLimits raised = KernelLimits.raise()) {
      limits = raised.toString();
      for (Operation operation : Operation.all()) {
        if (operation.toString().matches(settings.only())) {
          measure(operation);
        }
      }
    }
    if ("Codec".matches(settings.only())) {
      tell("codec", jmh::codec);
    }
    if ("OwnJvm".matches(settings.only())) {
      tell("a JVM of its own", () -> new OwnJvm(settings).measure(directory));
    }
    report(load + ", " + Method.load(), limits);
  }

  private void measure(Operation operation) {
    for (int round = 0; round < operation.rounds(full); round++) {
      if (operation.isOurs()) {
        turn(operation, Samples.OURS, () -> jmh.measure(operation, atMost()));
      }
      for (Contender one : contenders) {
        if (one.can(operation) && (full || !tooLong(operation, one))) {
          turn(operation, one.name(), () -> one.measure(operation, atMost()));
        }
      }
    }
    System.err.println(operation + " " + new ResultTable(samples, contenders).row(operation));
  }

  private Duration atMost() {
    return full ? TURN_OF_FULL : shortSet().dividedBy(5);
  }

  private Duration shortSet() {
    return Duration.ofMinutes(settings.minutes());
  }

  /**
   * Runs one turn. A contender that failed has no further turn, which would take time from the
   * others.
   */
  private void turn(Operation operation, String contender, Callable<List<Double>> work) {
    if (samples.hasFailed(operation, contender)) {
      return;
    }
    try {
      if (!full && System.nanoTime() - begin > shortSet().toNanos()) {
        throw new IllegalStateException("not tried: the time of the short set was over");
      }
      Leftovers.await();
      samples.add(operation, contender, work.call());
    } catch (Exception e) {
      samples.failed(operation, contender);
      lines.add("- FAILED: " + operation + " by " + contender + ": " + reason(e));
      System.err.println(lines.get(lines.size() - 1));
    }
  }

  private void tell(String what, Callable<List<String>> work) {
    try {
      lines.addAll(work.call());
    } catch (Exception e) {
      lines.add("- FAILED: " + what + ": " + reason(e));
      System.err.println(lines.get(lines.size() - 1));
    }
  }

  /** Returns the cause of a failure: an exception of JMH only refers to its cause. */
  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause instanceof RunnerException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getSuppressed().length > 0
        ? cause.getSuppressed()[0].toString()
        : cause.toString();
  }

  private void report(String load, String limits) throws IOException {
    ResultTable table = new ResultTable(samples, contenders);
    Plots plots = new Plots(samples, contenders);
    String more = String.join("\n", lines) + "\n";
    write("METHOD.md", Method.markdown(contenders, load, limits) + new Sources(results).markdown());
    write("samples.json", samples.json());
    jmh.write(results.resolve("jmh.json"));
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

  /** The tools need half a minute for each large star. */
  private static boolean tooLong(Operation operation, Contender contender) {
    return operation.isStar() && operation.size() == 1000 && !contender.name().equals("C loop");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(results.resolve(name), text);
  }
}
