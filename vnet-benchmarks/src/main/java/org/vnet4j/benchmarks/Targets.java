// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The targets of this library, and whether they are reached. A target is missed only where the
 * whole interval lies above it.
 */
final class Targets {
  private static final double MILLISECOND = 1e6;

  /**
   * A target.
   *
   * @param what in words
   * @param operation what the library does
   * @param other the operation to compare with, or the same; null for an absolute limit
   * @param contender whose samples of that operation; empty for an absolute limit
   * @param most the largest ratio or value
   */
  private record Target(
      String what, Operation operation, Operation other, String contender, double most) {
    static Target toC(String what, Operation operation, double most) {
      return new Target(what, operation, operation, Contender.LOOP, most);
    }

    static Target toOwn(String what, Operation operation, Operation other, double most) {
      return new Target(what, operation, other, Samples.OURS, most);
    }

    static Target limit(String what, Operation operation, double most) {
      return new Target(what, operation, operation, "", most);
    }

    boolean isLimit() {
      return contender.isEmpty();
    }

    Optional<Interval> measured(Samples samples) {
      return isLimit()
          ? samples.interval(operation, Samples.OURS)
          : samples.compare(operation, Samples.OURS, other, contender, (a, b) -> a / b);
    }

    String format(double value) {
      return isLimit() ? operation.format(value) : ResultTable.ratio(value);
    }
  }

  private static final String MANY = String.format(Locale.ROOT, "%,d", Operation.MANY);

  private static final List<Target> ALL =
      List.of(
          Target.toC("read one interface", Operation.warm("readOneInterface"), 1.08),
          Target.toC("add and remove an address", Operation.warm("addRemoveAddress"), 1.05),
          Target.toC(
              "add and delete a bridge member", Operation.warm("bridgeAddDeleteMember"), 1.05),
          Target.toC("create and destroy an epair", Operation.warm("createDestroyEpair"), 1.05),
          Target.toC("give an interface and take it back", Operation.warm("giveTakeBack"), 1.05),
          Target.toC(
              "create and remove a jail, back to back", Operation.warm("createRemoveJail"), 1.10),
          Target.toC("create a jail, one every 20 ms", Operation.warm("createJailEvery20ms"), 0.50),
          Target.toOwn(
              "a jail beside 1,000 to one beside 10",
              Operation.of("jailBeside", 1000),
              Operation.of("jailBeside", 10),
              1.20),
          Target.toOwn(
              "a jail beside " + MANY + " to one beside 10",
              Operation.of("jailBeside", Operation.MANY),
              Operation.of("jailBeside", 10),
              1.20),
          Target.toC("start a program", Operation.warm("startProcess"), 1.15),
          Target.toC("a ping", Operation.warm("ping"), 1.10),
          Target.toC("list 10 interfaces", Operation.of("listInterfaces", 10), 1.10),
          Target.toC("list 100 interfaces", Operation.of("listInterfaces", 100), 1.10),
          Target.toC("list 1,000 interfaces", Operation.of("listInterfaces", 1000), 1.10),
          Target.toC("build a star of 10, warm", Operation.of("starBuild", 10), 1.10),
          Target.toC("build a star of 100, warm", Operation.of("starBuild", 100), 1.05),
          Target.toC("build a star of 1,000, warm", Operation.of("starBuild", 1000), 1.05),
          Target.toC("build a star of 10, cold", Operation.cold("starBuild", 10), 3.0),
          Target.toC("tear a star of 100 down", Operation.of("starTearDown", 100), 1.10),
          Target.toC("tear a star of 1,000 down", Operation.of("starTearDown", 1000), 1.10),
          Target.toC("the hub pings all of 10", Operation.of("starPingAll", 10), 1.25),
          Target.toC("the hub pings all of 100", Operation.of("starPingAll", 100), 1.25),
          Target.toC("the hub pings all of 1,000", Operation.of("starPingAll", 1000), 1.25),
          Target.toC("all pairs of 100 (9,900)", Operation.of("allPairs", 100), 1.25),
          Target.toOwn(
              "build " + MANY + " to build 1,000, same shape",
              Operation.of("buildMany", Operation.MANY),
              Operation.of("buildMany", 1000),
              1.1 * Operation.MANY / 1000),
          loadRules(1000),
          loadRules(10_000),
          Target.limit(
              "one rule added to 5,000 beside a busy writer",
              Operation.of("ruleBesideWriter", 5000),
              50 * MILLISECOND),
          Target.limit(
              "JVM start to first interface, with an archive",
              Operation.START_ARCHIVED,
              150 * MILLISECOND),
          Target.limit("heap a jail", Operation.HEAP, 1024),
          Target.limit("descriptors a jail", Operation.DESCRIPTORS, 2),
          Target.toOwn(
              "200 virtual threads to 200 platform threads",
              Operation.VIRTUAL_THREADS,
              Operation.PLATFORM_THREADS,
              1.1));

  private Targets() {}

  private static Target loadRules(int size) {
    Operation operation = Operation.of("loadRules", size);
    String what = String.format(Locale.ROOT, "load %,d rules, to nft -f", size);
    return new Target(what, operation, operation, Contender.COMMANDS, 0.5);
  }

  /** Formats the table: each target, and whether it is reached. */
  static String markdown(Samples samples) {
    return "| what | at most | measured | interval | ours minus C | |\n|---|--:|--:|--:|--:|---|\n"
        + ALL.stream().map(one -> row(one, samples)).collect(Collectors.joining());
  }

  private static String row(Target target, Samples samples) {
    Interval measured = target.measured(samples).orElse(null);
    return String.format(
        "| %s | %s | %s | %s | %s | %s |%n",
        target.what(),
        target.format(target.most()),
        measured == null ? "-" : target.format(measured.median()),
        measured == null
            ? "-"
            : target.format(measured.low()) + " to " + target.format(measured.high()),
        target.contender().equals(Contender.LOOP)
            ? samples
                .difference(target.operation(), Contender.LOOP)
                .map(one -> ResultTable.micros(one.median()))
                .orElse("-")
            : "",
        measured == null ? "not measured" : verdict(target, measured));
  }

  private static String verdict(Target target, Interval measured) {
    if (measured.low() > target.most()) {
      double by = measured.median() / target.most() - 1;
      return String.format(Locale.ROOT, "**missed** by %.0f %%", 100 * by);
    }
    return measured.median() > target.most() ? "reached, within the interval" : "reached";
  }
}
