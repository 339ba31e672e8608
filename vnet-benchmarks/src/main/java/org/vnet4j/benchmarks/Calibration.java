// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Warms a contender up, and finds how many repetitions make a sample. */
final class Calibration {
  private static final long SAMPLE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(2500);
  private static final int PACED = 10;
  private static final int MOST = 20_000;

  /**
   * The jails that all stars have together which are built before the samples, at least one star.
   */
  private static final int STAR_JAILS = 1000;

  /** What a paced operation does, without the pauses. */
  static final String UNPACED = "createRemoveJail";

  private Calibration() {}

  /** Returns the repetitions of a sample; this library has worked for 2.5 s then. */
  static int times(Operation operation, Contender one, Sitting sitting, ContestSettings settings)
      throws IOException {
    if (operation.isSingle()) {
      if (!operation.name().equals("buildMany")) {
        sitting.run(1);
      }
      return 1;
    }
    boolean paced = operation.name().endsWith("Every20ms");
    int times = paced ? PACED : 1;
    long wanted = one.isOurs() ? settings.warmUp(WARM_UP) : SAMPLE;
    if (paced && one.isOurs()) {
      // The pauses leave too few repetitions for the JVM to compile.
      for (long begin = System.nanoTime(); System.nanoTime() - begin < wanted; ) {
        sitting.ask("also " + UNPACED);
      }
    }
    for (long begin = System.nanoTime(); ; ) {
      long took = Math.max(1, sitting.run(times).nanos());
      if (!paced) {
        times = (int) Math.max(1, Math.min(MOST, Math.min(times * 2L, times * SAMPLE / took)));
      }
      if (System.nanoTime() - begin > wanted && (paced || took > SAMPLE / 2 || times == MOST)) {
        return times;
      }
    }
  }

  /** Builds stars, pings and removes them, so that the JVM compiles what it needs. */
  static void warmUpStar(Sitting sitting, int size, ContestSettings settings) throws IOException {
    int stars = (int) Math.max(1, settings.warmUp(STAR_JAILS / size));
    for (int i = 0; i < stars; i++) {
      sitting.prepare();
      sitting.ask("run 1");
      sitting.ask("also starAwaitCarrier");
      sitting.ask("also " + Operation.STAR_PING_ALL);
      sitting.ask("also " + Operation.STAR_TEAR_DOWN);
    }
  }
}
