// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.util.List;
import java.util.Optional;

/**
 * The results of a rehearsal.
 *
 * @param title the rules and the stack
 * @param results a result for each expectation, in order
 * @param missing what the stack has and the replica had not: routes, rules, translations and
 *     firewalls that cannot be copied; with them the stack may decide otherwise
 */
public record Report(String title, List<Result> results, List<String> missing) {

  /** Copies the lists. */
  public Report {
    results = List.copyOf(results);
    missing = List.copyOf(missing);
  }

  /**
   * The result of one probe.
   *
   * @param expectation the expectation
   * @param actual the actual outcome
   * @param decidedBy the rule that decided, in the form of a listing, such as {@code 00300 deny ip
   *     from any to any}, behind the name of its firewall if that is not the one under test; empty
   *     if the default action decided or the rule is not known
   * @param byDefault whether the default action decided
   * @param counted the numbers of the rules that counted packets during the probe, 65535 for the
   *     default action
   */
  public record Result(
      Expectation expectation,
      Outcome actual,
      Optional<String> decidedBy,
      boolean byDefault,
      List<Integer> counted) {

    /** Copies the list. */
    public Result {
      counted = List.copyOf(counted);
    }

    /**
     * Returns whether the actual outcome is the expected outcome.
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
              decidedBy.orElse(byDefault ? "the default action" : "a rule that is not known"));
    }
  }

  /**
   * Returns whether every probe had the expected outcome.
   *
   * @return true if so
   */
  public boolean passed() {
    return results.stream().allMatch(Result::passed);
  }

  /**
   * Returns the results that differ from their expectation.
   *
   * @return the failed results; empty if all passed
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
    missing.forEach(what -> text.append("  not on the replica: ").append(what).append('\n'));
    int failed = failures().size();
    return text.append(
            failed == 0
                ? "All %d as expected.".formatted(results.size())
                : "%d of %d not as expected.".formatted(failed, results.size()))
        .toString();
  }
}
