// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The program that measures all contenders in turn and writes the results: {@code Contest RESULTS
 * CONTENDERS [FULL]}; the second directory contains the contenders' programs. The full set is
 * written to the directory {@code bench.committed}, and its table into PERFORMANCE.md.
 *
 * <p>The contenders' processes run side by side and take turns, one sample each, so that other load
 * on the machine affects all alike. A contender that fails or takes too long is reported in the
 * results, and the others continue. The short set starts nothing new when its time is over.
 */
public final class Contest {
  private static final Duration SITTING_OF_FULL = Duration.ofMinutes(20);

  /** The samples of a tool in a sitting of the short set, and of a star. */
  private static final int FEW = 2;

  private final Path results;
  private final Path programs;
  private final List<Contender> others;
  private final List<Contender> contenders = new ArrayList<>();
  private final boolean full;
  private final Samples samples = new Samples();
  private final ContestSettings settings = ContestSettings.fromSystem();
  private final Jmh jmh = new Jmh(settings);
  private final long begin = System.nanoTime();

  /** The lines below the table. */
  private final List<String> lines = new ArrayList<>();

  private Contest(Path results, Path programs, boolean full) {
    this.results = results;
    this.programs = programs;
    this.full = full;
    others = Contender.all(programs);
    contenders.add(Library.contender(settings, Jdks.own(), programs));
    contenders.addAll(others);
  }

  /**
   * Runs the contest.
   *
   * @param args the directory of the results, that of the contenders, and true for the full set
   * @throws Exception if something could not be measured
   */
  public static void main(String[] args) throws Exception {
    boolean full = args.length > 2 && Boolean.parseBoolean(args[2]);
    Path programs = Path.of(args[1]);
    boolean committed = full && ContestSettings.fromSystem().isWhole();
    String results = committed ? System.getProperty("bench.committed", args[0]) : args[0];
    new Contest(Files.createDirectories(Path.of(results)), programs, full).run();
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
      if ("OwnJvm".matches(settings.only())) {
        attempt("a JVM of its own", () -> new OwnJvm(settings, samples).measure(programs));
      }
      if ("Codec".matches(settings.only())) {
        attempt("codec", jmh::codec);
      }
      for (List<Operation> group : Operation.groups(full)) {
        List<Operation> chosen =
            group.stream().filter(one -> one.toString().matches(settings.only())).toList();
        if (!chosen.isEmpty()) {
          measure(chosen);
        }
      }
    }
    report(load + ", " + Method.load(), limits);
  }

  private void measure(List<Operation> group) throws Exception {
    Operation first = group.get(0);
    if (first.isPartOfStar()) {
      measureStar(group);
    }
    for (int sitting = 0; sitting < first.sittings(); sitting++) {
      for (Operation operation : group) {
        measureTogether(operation);
      }
    }
    for (Operation operation : group) {
      System.err.println(operation + " " + new ResultTable(samples, others).row(operation));
    }
  }

  /** Returns the contenders that take part. */
  private List<Contender> sitting(Operation operation) throws IOException {
    if (operation.name().endsWith("Threads")) {
      Optional<Path> java = Jdks.withVirtualThreads();
      return java.isEmpty() || isOver(operation)
          ? List.of()
          : List.of(Library.contender(settings, java.get(), programs));
    }
    List<Contender> some = new ArrayList<>();
    for (Contender one : contenders) {
      boolean part = one.can(operation) && !(operation.isPartOfStar() && one.buildsStars());
      boolean cold = !operation.cold() || one.isOurs() || one.isC();
      if (part && cold && isIn(one) && !tooLong(operation, one) && !isOver(operation)) {
        some.add(one.isOurs() ? forLarge(operation, one) : one);
      }
    }
    return some;
  }

  /** Returns whether a contender is in this set: the limit is in the full one only. */
  private boolean isIn(Contender one) {
    return full || !one.name().equals(Contender.LIMIT);
  }

  /**
   * Starts it with a stack and a {@code /run} that others do not see, or with more descriptors, for
   * the operations that want that.
   */
  private Contender forLarge(Operation operation, Contender ours) {
    if (!operation.isOnMachine() && !operation.name().equals("buildMany")) {
      return ours;
    }
    List<String> command = new ArrayList<>();
    command.add(programs.resolve("vnet-bench").toString());
    command.add(operation.isOnMachine() ? "sandbox" : "files");
    command.addAll(ours.command());
    return new Contender(ours.name(), ours.how(), command, ours.operations(), null);
  }

  private boolean isOver(Operation operation) {
    boolean over = !full && System.nanoTime() - begin > shortSet().toNanos();
    if (over && !samples.hasFailed(operation, Samples.OURS)) {
      fail(operation, Samples.OURS, "not tried: the time of the short set was over");
    }
    return over;
  }

  /**
   * Lets the contenders sit side by side, and take a sample each in turn. A contender that failed
   * has no further turn, which would take time from the others.
   */
  private void measureTogether(Operation operation) throws Exception {
    Map<Contender, Sitting> sittings = new HashMap<>();
    Map<Contender, Integer> times = new HashMap<>();
    List<Contender> present = sitting(operation);
    try {
      for (int sample = -1; sample < operation.samples(full); sample++) {
        for (Contender one : present) {
          if (!samples.hasFailed(operation, one.name()) && sample < most(operation, one)) {
            turn(operation, one, sample, sittings, times);
          }
        }
      }
    } finally {
      sittings.values().forEach(Sitting::close);
    }
  }

  /** Takes a sample; the turn before the first sample is for warming up. */
  private void turn(
      Operation operation,
      Contender one,
      int sample,
      Map<Contender, Sitting> sittings,
      Map<Contender, Integer> times) {
    try {
      if (operation.cold()) {
        Leftovers.await();
        try (Sitting fresh = one.sit(operation, atMost())) {
          if (sample >= 0) {
            add(operation, one, fresh.run(1), 1);
          }
        }
        return;
      }
      if (sample < 0) {
        sittings.put(one, one.sit(operation, atMost()));
        times.put(one, Calibration.times(operation, one, sittings.get(one), settings));
        return;
      }
      Leftovers.await();
      add(operation, one, sittings.get(one).run(times.get(one)), times.get(one));
    } catch (Exception e) {
      fail(operation, one.name(), reason(e));
    }
  }

  private void add(Operation operation, Contender one, Sitting.Answer answer, int times) {
    samples.add(operation, one.name(), (double) answer.nanos() / times);
    if (answer.retries() != null) {
      samples.retried(operation, one.name(), answer.retries());
    }
  }

  /** Measures the build of a star, the pings of all its jails, and its removal, in turns. */
  private void measureStar(List<Operation> group) throws Exception {
    Operation build = Operation.of(Operation.STAR_BUILD, group.get(0).size());
    List<Contender> present = new ArrayList<>();
    for (Contender one : contenders) {
      if (one.buildsStars() && isIn(one) && !isOver(build)) {
        present.add(one);
      }
    }
    Map<Contender, Sitting> sittings = new HashMap<>();
    try {
      for (int sample = 0; sample < build.samples(full); sample++) {
        for (Contender one : present) {
          if (!samples.hasFailed(build, one.name()) && !isOver(build)) {
            star(build, one, sittings);
          }
        }
      }
    } finally {
      sittings.values().forEach(Sitting::close);
    }
  }

  /** The JVM stays, with a sandbox for each star; a C program lives for one star. */
  private void star(Operation build, Contender one, Map<Contender, Sitting> sittings) {
    try {
      Sitting sitting = sittings.get(one);
      if (sitting == null) {
        sitting = one.sit(build, atMost());
        sittings.put(one, sitting);
        if (one.isOurs()) {
          Calibration.warmUpStar(sitting, build.size(), settings);
        }
      }
      sitting.prepare();
      Leftovers.await();
      add(build, one, sitting.ask("run 1"), 1);
      sitting.ask("also starAwaitCarrier");
      for (String name : List.of(Operation.STAR_PING_ALL, Operation.STAR_TEAR_DOWN)) {
        add(Operation.of(name, build.size()), one, sitting.ask("also " + name), 1);
      }
      if (!one.isOurs()) {
        sittings.remove(one).close();
      }
    } catch (Exception e) {
      fail(build, one.name(), reason(e));
    }
  }

  /** Returns the largest number of samples: no target is a ratio to most tools. */
  private int most(Operation operation, Contender one) {
    boolean compared = one.isOurs() || one.isC() || operation.name().equals("loadRules");
    return compared || full && !operation.isPartOfStar() ? operation.samples(full) : FEW;
  }

  private Duration atMost() {
    return full ? SITTING_OF_FULL : shortSet();
  }

  private Duration shortSet() {
    return Duration.ofMinutes(settings.minutes());
  }

  private void fail(Operation operation, String contender, String why) {
    samples.failed(operation, contender);
    lines.add("- FAILED: " + operation + " by " + contender + ": " + why);
    System.err.println(lines.get(lines.size() - 1));
  }

  private void attempt(String what, Callable<List<String>> work) {
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
    ResultTable table = new ResultTable(samples, others);
    Plots plots = new Plots(samples, others);
    lines.addAll(samples.retries());
    String targets = Targets.markdown(samples);
    String more = String.join("\n", lines) + "\n";
    write("METHOD.md", Method.markdown(contenders, load, limits) + new Sources(results).markdown());
    write("samples.json", samples.json());
    write("table.md", table.markdown() + "\n" + targets + "\n" + more);
    write("time-per-operation.svg", plots.perOperation());
    write(
        "list-by-size.svg", plots.bySize("listInterfaces", "Listing interfaces, by their number"));
    write(
        "build-by-size.svg",
        plots.bySize("starBuild", "Building a star of jails, by their number"));
    write(
        "tear-down-by-size.svg", plots.bySize("starTearDown", "Tearing a star down, by its jails"));
    System.out.println(table.text() + "\n\n" + targets + "\n" + more);
    System.out.println("Written to " + results.toAbsolutePath());
    if (full && settings.isWhole()) {
      new PerformancePage(results).publish(targets, Method.summary());
    }
  }

  /** The tools need half a minute for each large star. */
  private boolean tooLong(Operation operation, Contender contender) {
    return operation.isPartOfStar()
        && operation.size() > (full ? 100 : 10)
        && !contender.isOurs()
        && !contender.isC();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(results.resolve(name), text);
  }
}
