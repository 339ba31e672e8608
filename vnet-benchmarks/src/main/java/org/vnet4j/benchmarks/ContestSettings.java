// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

/**
 * What the system properties say.
 *
 * @param only a pattern of the operations to measure: {@code bench.only}
 * @param minutes when the short set begins nothing new: {@code bench.minutes}
 * @param jvmArgs what the JVMs of the benchmarks are started with: {@code bench.jvmArgs}
 */
record ContestSettings(String only, int minutes, String... jvmArgs) {
  static ContestSettings fromSystem() {
    String args = System.getProperty("bench.jvmArgs", "-Xmx1g").strip();
    String only = System.getProperty("bench.only", ".*");
    return new ContestSettings(only, Integer.getInteger("bench.minutes", 9), args.split(" +"));
  }
}
