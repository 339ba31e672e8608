// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Counts the results of the tests, prints a line at the end of each topic, and prints the verdict.
 */
final class Results implements TestExecutionListener {
  private static final String ASSUMPTION = "Assumption failed: ";

  private final PrintStream out;
  private final long started = System.nanoTime();
  private final Map<UniqueId, Counts> open = new HashMap<>();
  private final Counts all = new Counts();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, List<String>> skips = new TreeMap<>();

  Results(PrintStream out) {
    this.out = out;
    out.printf("%-18s %7s %7s %7s %9s%n", "topic", "passed", "failed", "skipped", "seconds");
  }

  private static final class Counts {
    private final long started = System.nanoTime();
    private int passed;
    private int failed;
    private int skipped;

    private void add(Counts other) {
      passed += other.passed;
      failed += other.failed;
      skipped += other.skipped;
    }
  }

  @Override
  public void executionStarted(TestIdentifier id) {
    if (isTopic(id)) {
      open.put(id.getUniqueIdObject(), new Counts());
    }
  }

  @Override
  public void executionSkipped(TestIdentifier id, String reason) {
    counts(id).skipped++;
    skip(id, reason);
  }

  @Override
  public void executionFinished(TestIdentifier id, TestExecutionResult result) {
    @Nullable Throwable why = result.getThrowable().orElse(null);
    if (result.getStatus() == Status.FAILED) {
      counts(id).failed++;
      failures.add(title(id) + "\n" + reason(why) + place(why));
    } else if (result.getStatus() == Status.ABORTED) {
      counts(id).skipped++;
      skip(id, reason(why));
    } else if (id.isTest()) {
      counts(id).passed++;
    }
    if (isTopic(id)) {
      Counts counts = open.remove(id.getUniqueIdObject());
      line(topic(id), counts);
      all.add(counts);
    }
  }

  /** Prints the failed and the skipped tests and the verdict; returns the exit status. */
  int verdict() {
    line("all", all);
    print("Failed", failures);
    print(
        "Skipped",
        skips.entrySet().stream()
            .map(
                skip ->
                    skip.getKey()
                        + skip.getValue().stream().collect(Collectors.joining("\n", "\n", "")))
            .toList());
    out.println();
    if (all.failed > 0) {
      out.printf("FAIL: %d of %s failed, for the reasons above.%n", all.failed, tests());
      return 1;
    }
    if (all.passed == 0) {
      out.println("FAIL: nothing was tested.");
      return 1;
    }
    if (all.skipped > 0) {
      out.printf(
          "PASSED WITH ISSUES: %d of %s passed, %d skipped for want of something.%n",
          all.passed, tests(), all.skipped);
    } else {
      out.printf("PASSED: all of %s.%n", tests());
    }
    return 0;
  }

  private String tests() {
    return (all.passed + all.failed + all.skipped) + " tests";
  }

  private void line(String topic, Counts counts) {
    long start = counts == all ? started : counts.started;
    double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
    out.printf(
        Locale.ROOT,
        "%-18s %7d %7d %7d %9.1f%n",
        topic,
        counts.passed,
        counts.failed,
        counts.skipped,
        seconds);
  }

  /** Prints entries, each with a first line and details below it. */
  private void print(String title, List<String> entries) {
    if (entries.isEmpty()) {
      return;
    }
    out.println();
    out.println(title);
    for (String entry : entries) {
      out.println("  " + entry.strip().replace("\n", "\n      "));
    }
  }

  private void skip(TestIdentifier id, String reason) {
    skips.computeIfAbsent(reason, key -> new ArrayList<>()).add(title(id));
  }

  private Counts counts(TestIdentifier id) {
    for (UniqueId at = id.getUniqueIdObject(); ; at = at.removeLastSegment()) {
      Counts counts = open.get(at);
      if (counts != null) {
        return counts;
      }
      if (at.getSegments().size() == 1) {
        return all; // not in any topic
      }
    }
  }

  private static boolean isTopic(TestIdentifier id) {
    return id.getUniqueIdObject().getLastSegment().getType().equals("nested-class");
  }

  private static String topic(TestIdentifier id) {
    return id.getUniqueIdObject().getSegments().stream()
        .filter(segment -> segment.getType().equals("nested-class"))
        .map(segment -> Topic.name(segment.getValue()))
        .findFirst()
        .orElse("all");
  }

  private static String title(TestIdentifier id) {
    String name =
        id.getSource()
            .filter(MethodSource.class::isInstance)
            .map(source -> ((MethodSource) source).getMethodName().replace('_', ' '))
            .orElse("");
    String which = id.getDisplayName().startsWith("[") ? " " + id.getDisplayName() : "";
    return topic(id) + ": " + name + which;
  }

  /** Returns the message of an exception. */
  static String reason(@Nullable Throwable why) {
    if (why == null) {
      return "no reason given";
    }
    String message = why.getMessage();
    if (message == null || message.isBlank()) {
      return why.getClass().getName();
    }
    return message.startsWith(ASSUMPTION)
        ? message.substring(ASSUMPTION.length())
        : message.strip();
  }

  /** Returns the line of the contract that threw it. */
  private static String place(@Nullable Throwable why) {
    if (why == null) {
      return "";
    }
    for (StackTraceElement element : why.getStackTrace()) {
      if (element.getClassName().startsWith("org.vnet4j.")) {
        return "\n"
            + why.getClass().getName()
            + " at "
            + element.getFileName()
            + ":"
            + element.getLineNumber();
      }
    }
    return "\n" + why.getClass().getName();
  }
}
