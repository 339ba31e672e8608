// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.util.List;
import java.util.Optional;

/**
 * The results of a rehearsal.
 *
 * @param title which rules on which stack
 * @param results one for each expectation, in their order
 */
public record Report(String title, List<Result> results) {

  /** Copies the list. */
  public Report {
    results = List.copyOf(results);
  }

  /**
   * What one probe came to.
   *
   * @param expectation what was expected
   * @param actual what the kernel did
   * @param decidedBy the rule that decided, as it is listed, such as {@code 00300 deny ip from any
   *     to any}; empty if the default did or nobody knows
   * @param counted numbers of the rules that counted packets meanwhile
   */
  public record Result(
      Expectation expectation, Outcome actual, Optional<String> decidedBy, List<Integer> counted) {

    /** Copies the list. */
    public Result {
      counted = List.copyOf(counted);
    }

    /**
     * Returns whether it came as expected.
     *
     * @return true if so
     */
    public boolean passed() {
      return actual == expectation.outcome();
    }

    /**
     * Describes the result.
     *
     * @return a line
     */
    @Override
    public String toString() {
      String what = passed() ? actual.toString() : actual + ", not " + expectation.outcome();
      return "%-4s  %-44s %s by %s"
          .formatted(
              passed() ? "ok" : "FAIL",
              expectation.probe(),
              what,
              decidedBy.orElse("the default action"));
    }
  }

  /**
   * Returns whether all came as expected.
   *
   * @return true if so
   */
  public boolean passed() {
    return results.stream().allMatch(Result::passed);
  }

  /**
   * Lists what did not come as expected.
   *
   * @return empty if all did
   */
  public List<Result> failures() {
    return results.stream().filter(result -> !result.passed()).toList();
  }

  /**
   * Returns the whole report.
   *
   * @return a line for each result below the title
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(title).append('\n');
    results.forEach(result -> text.append("  ").append(result).append('\n'));
    int failed = failures().size();
    return text.append(
            failed == 0
                ? "All %d as expected.".formatted(results.size())
                : "%d of %d not as expected.".formatted(failed, results.size()))
        .toString();
  }
}
