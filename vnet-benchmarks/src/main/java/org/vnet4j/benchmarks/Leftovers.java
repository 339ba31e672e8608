// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Waits for the kernel: a network namespace that nobody uses any more is taken apart by a worker,
 * for seconds if there were a thousand, and holds up whoever makes new ones. Nobody's turn shall
 * pay for what came before it.
 */
final class Leftovers {
  private static final Path PROC = Path.of("/proc");

  /** What the worker is called while it works (Linux). */
  private static final String WORKER = "+netns";

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  /** On a machine that others use it may never end. */
  private static long left = TimeUnit.SECONDS.toNanos(60);

  private Leftovers() {}

  /** Waits until no worker is at it, twice in a row; a minute in the whole life of this JVM. */
  static synchronized void await() {
    for (int idle = 0; idle < 2 && left > 0; ) {
      long begin = System.nanoTime();
      idle = isAtWork() ? 0 : idle + 1;
      LockSupport.parkNanos(PAUSE);
      left -= idle > 0 ? 0 : System.nanoTime() - begin;
    }
  }

  private static boolean isAtWork() {
    try (Stream<Path> all = Files.list(PROC)) {
      return all.anyMatch(process -> name(process).endsWith(WORKER));
    } catch (IOException e) {
      return false; // not Linux
    }
  }

  private static String name(Path process) {
    try {
      return Character.isDigit(process.getFileName().toString().charAt(0))
          ? Files.readString(process.resolve("comm")).strip()
          : "";
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
