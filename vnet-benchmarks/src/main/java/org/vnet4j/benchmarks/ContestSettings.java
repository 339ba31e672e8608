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
  static ContestSettings fromSystem() {
    String args = System.getProperty("bench.jvmArgs", "-Xmx1g").strip();
    String only = System.getProperty("bench.only", ".*");
    return new ContestSettings(only, Integer.getInteger("bench.minutes", 9), args.split(" +"));
  }
}
