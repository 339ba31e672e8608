// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the statistics behind the verdicts. */
class IntervalTest {
  private static List<Double> upTo(int n) {
    return IntStream.rangeClosed(1, n).mapToObj(i -> (double) i).toList();
  }

  @Test
  void the_ends_are_the_order_statistics_of_the_binomial_distribution() {
    assertThat(Interval.of(upTo(1))).isEqualTo(new Interval(1, 1, 1));
    assertThat(Interval.of(upTo(5))).isEqualTo(new Interval(3, 1, 5));
    assertThat(Interval.of(upTo(10))).isEqualTo(new Interval(5.5, 2, 9));
    assertThat(Interval.of(upTo(12))).isEqualTo(new Interval(6.5, 3, 10));
    assertThat(Interval.of(upTo(20))).isEqualTo(new Interval(10.5, 6, 15));
  }

  @Test
  void it_contains_the_true_median_in_95_of_100_cases() {
    Random random = new Random(4711);
    int cases = 4000;
    long inside =
        Stream.generate(() -> Stream.generate(random::nextDouble).limit(12).toList())
            .limit(cases)
            .map(Interval::of)
            .filter(one -> one.low() <= 0.5 && one.high() >= 0.5)
            .count();
    assertThat(inside).isBetween((long) (0.95 * cases), (long) (0.99 * cases));
  }

  @Test
  void a_target_is_missed_only_where_the_interval_lies_above_it() {
    Operation read = Operation.warm("readOneInterface");
    assertThat(verdict(read, 110, 111, 112, 113, 114, 115)).contains("| 1.13 | 1.10 to 1.15 |");
    assertThat(verdict(read, 110, 111, 112, 113, 114, 115)).contains("**missed** by 4 %");
    assertThat(verdict(read, 100, 111, 112, 113, 114, 115)).contains("within the interval");
    assertThat(verdict(read, 100, 101, 102, 103, 104, 105)).endsWith("| +0.00 µs | reached |");
  }

  private static String verdict(Operation operation, double... ours) {
    Samples samples = new Samples();
    for (double one : ours) {
      samples.add(operation, Samples.OURS, one);
      samples.add(operation, Contender.LOOP, 100);
    }
    return Targets.markdown(samples)
        .lines()
        .filter(line -> line.startsWith("| read one interface "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void the_page_keeps_what_is_around_the_table() {
    String page = "above\n" + PerformancePage.BEGIN + "\nold\n" + PerformancePage.END + "\nbelow\n";
    assertThat(PerformancePage.replace(page, "new\n"))
        .isEqualTo(
            "above\n" + PerformancePage.BEGIN + "\nnew\n" + PerformancePage.END + "\nbelow\n");
  }
}
