// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Compares the measured ratios with the targets of this library. */
final class Targets {
  private static final List<String> CHANGES =
      List.of(
          "createDestroyEpair",
          "createRemoveJail",
          "giveTakeBack",
          "addRemoveAddress",
          "bridgeAddDeleteMember");

  private final Samples samples;
  private final List<String> lines = new ArrayList<>();

  private Targets(Samples samples) {
    this.samples = samples;
  }

  static String markdown(Samples samples) {
    Targets targets = new Targets(samples);
    targets.ratio(new Operation("readOneInterface", 0), "C loop", 1.10);
    CHANGES.forEach(name -> targets.ratio(new Operation(name, 0), "C loop", 1.05));
    CHANGES.forEach(name -> targets.ratio(new Operation(name, 0), Contender.COMMANDS, 1 / 8.0));
    CHANGES.forEach(name -> targets.ratio(new Operation(name, 0), "pyroute2", 1 / 2.0));
    targets.ratio(new Operation("starBuild", 1000), "C loop", 1.15);
    targets.compare(
        "starTearDown(1000) to link by link in C",
        samples.median(new Operation("starTearDown", 1000), Samples.OURS),
        samples.median(new Operation(Operation.ONE_BY_ONE, 1000), "C loop"),
        1 / 20.0);
    targets.compare(
        "starBuild(1000) to starBuild(100)",
        samples.median(new Operation("starBuild", 1000), Samples.OURS),
        samples.median(new Operation("starBuild", 100), Samples.OURS),
        12);
    return "| what | at most | measured | |\n|---|--:|--:|---|\n" + String.join("", targets.lines);
  }

  private void ratio(Operation operation, String contender, double most) {
    compare(
        operation + " to " + contender,
        samples.median(operation, Samples.OURS),
        samples.median(operation, contender),
        most);
  }

  private void compare(String what, OptionalDouble ours, OptionalDouble theirs, double most) {
    if (ours.isEmpty() || theirs.isEmpty()) {
      return;
    }
    double ratio = ours.getAsDouble() / theirs.getAsDouble();
    String verdict = ratio <= most ? "reached" : "missed";
    lines.add(
        String.format(
            "| %s | %s | %s | %s |%n",
            what, ResultTable.ratio(most), ResultTable.ratio(ratio), verdict));
  }
}
