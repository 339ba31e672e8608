// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Prints each step of the tour: the shell command, the equivalent Java and the kernel's answer. */
final class Narrator implements AutoCloseable {
  private final PrintStream out;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "tour-progress");
            thread.setDaemon(true);
            return thread;
          });
  private int chapters;

  Narrator(PrintStream out) {
    this.out = out;
  }

  void chapter(String title) {
    chapters++;
    out.println();
    out.println(chapters + ". " + title);
    out.println("-".repeat((chapters + ". " + title).length()));
  }

  void say(String text) {
    out.println(text);
  }

  /** Prints a shell command and the equivalent Java. */
  void step(String shell, String java) {
    out.println();
    out.println("  # " + shell);
    lines(java);
  }

  /** Prints Java for which there is no shell command. */
  void step(String java) {
    out.println();
    lines(java);
  }

  private void lines(String java) {
    java.lines().forEach(line -> out.println("  > " + line));
  }

  /** Prints the kernel's answer. */
  void show(Object shown) {
    shown.toString().lines().forEach(line -> out.println("      " + line));
  }

  /** Runs work that may take some time and prints a line of progress every second. */
  <T> T patiently(String what, Supplier<T> work) {
    long start = System.nanoTime();
    ScheduledFuture<?> ticks =
        clock.scheduleAtFixedRate(
            () -> {
              long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
              out.println("      ... " + what + ": " + seconds + " s");
            },
            1,
            1,
            TimeUnit.SECONDS);
    try {
      return work.get();
    } finally {
      ticks.cancel(false);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    out.flush();
  }
}
