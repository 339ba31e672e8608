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
 * Waits until the kernel has destroyed unused network namespaces. A worker thread destroys them,
 * for seconds if there are a thousand, and delays the creation of new ones. So no turn pays for the
 * turn before it.
 */
final class Leftovers {
  private static final Path PROC = Path.of("/proc");

  /** The name of the worker while it works (Linux). */
  private static final String WORKER = "+netns";

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  /** The wait is limited: on a machine with other users it may never end. */
  private static long left = TimeUnit.SECONDS.toNanos(60);

  private Leftovers() {}

  /** Waits until no worker is active, twice in a row; at most a minute in the life of this JVM. */
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
      return ""; // the process has ended
    }
  }
}
