// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

/**
 * The settings of a contest, from system properties.
 *
 * @param only a pattern of the operations to measure: {@code bench.only}
 * @param minutes the time after which the short set starts nothing new: {@code bench.minutes}
 * @param jvmArgs the arguments of the benchmark JVMs: {@code bench.jvmArgs}
 */
record ContestSettings(String only, int minutes, String... jvmArgs) {
  private static final String ALL = ".*";

  static ContestSettings fromSystem() {
    String args = System.getProperty("bench.jvmArgs", "-Xmx1g").strip();
    String only = System.getProperty("bench.only", ALL);
    return new ContestSettings(only, Integer.getInteger("bench.minutes", 9), args.split(" +"));
  }

  /** Returns whether nothing is left out. */
  boolean isWhole() {
    return only.equals(ALL) && !Boolean.getBoolean("bench.hurry");
  }

  /** Returns a time for warming up, or less if {@code bench.hurry} is set, to try the contest. */
  long warmUp(long nanoseconds) {
    return Boolean.getBoolean("bench.hurry") ? nanoseconds / 10 : nanoseconds;
  }
}
