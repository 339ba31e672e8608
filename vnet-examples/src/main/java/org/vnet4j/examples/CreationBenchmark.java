// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.util.Arrays;
import java.util.function.Supplier;
import org.vnet4j.Host;
import org.vnet4j.Vnet;

/**
 * Measures how long it takes to create and destroy things; vnet-benchmarks measures it thoroughly.
 */
public final class CreationBenchmark {
  private static final int ROUNDS = 20;

  private CreationBenchmark() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String... args) {
    try (Vnet vnet = Vnet.sandbox()) {
      Host host = vnet.host();
      measure("cable", () -> host.epair().create()::destroy);
      measure("bridge", () -> host.bridge().create()::destroy);
      measure("jail", () -> host.jail("box").create()::remove);
    }
  }

  private static void measure(String what, Supplier<Runnable> make) {
    long[] made = new long[ROUNDS];
    long[] gone = new long[ROUNDS];
    for (int i = -ROUNDS; i < ROUNDS; i++) { // the first half warms up
      long start = System.nanoTime();
      Runnable destroy = make.get();
      long middle = System.nanoTime();
      destroy.run();
      made[Math.max(0, i)] = middle - start;
      gone[Math.max(0, i)] = System.nanoTime() - middle;
    }
    System.out.printf(
        "%-6s made in %5d us, destroyed in %5d us (median of %d)%n",
        what, median(made), median(gone), ROUNDS);
  }

  private static long median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1000;
  }
}
