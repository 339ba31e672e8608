// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The median of samples, and an interval in which the true median is with a confidence of 95 % or
 * more. It is made of order statistics, so it assumes nothing about the distribution.
 *
 * @param median the median
 * @param low the interval's lower end
 * @param high its upper end
 */
record Interval(double median, double low, double high) {
  private static final double DOUBT = 0.025;

  /** Returns the interval of some samples, at least one. With five or fewer it spans them all. */
  static Interval of(List<Double> samples) {
    List<Double> sorted = new ArrayList<>(samples);
    Collections.sort(sorted);
    int n = sorted.size();
    int rank = rank(n);
    double median = (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    return new Interval(median, sorted.get(rank), sorted.get(n - 1 - rank));
  }

  /**
   * Returns the largest k so that fewer than k + 1 of n samples are below the true median with a
   * probability of at most 2.5 %: that number has a binomial distribution.
   */
  private static int rank(int n) {
    double term = Math.pow(0.5, n);
    double sum = term;
    int k = 0;
    while (sum <= DOUBT) {
      term = term * (n - k) / (k + 1);
      sum += term;
      k++;
    }
    return Math.max(0, k - 1);
  }
}
