// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.Objects;
import java.util.Optional;

/**
 * A rule as a firewall lists it, with its counters.
 *
 * @param number 1 to 65535, the last for the default rule; an engine without numbers counts the
 *     rules in hundreds, as {@link RuleSet} does
 * @param set the set it is in, 0 to 31; 0 in an engine without sets
 * @param packets number of packets that matched
 * @param bytes number of bytes in those packets
 * @param rule the rule; empty if {@link Rule} cannot express it
 * @param words the rule as text of the engine
 * @param enabled false if packets skip the rule, since its set is disabled
 */
public record ListedRule(
    int number,
    int set,
    long packets,
    long bytes,
    Optional<Rule> rule,
    String words,
    boolean enabled) {

  /** Checks that no component is null. */
  public ListedRule {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(words, "words");
  }

  /**
   * Makes the listing of an enabled rule.
   *
   * @param number its number
   * @param set its set
   * @param packets number of packets that matched
   * @param bytes number of bytes in those packets
   * @param rule the rule; empty if {@link Rule} cannot express it
   * @param words the rule as text of the engine
   */
  public ListedRule(
      int number, int set, long packets, long bytes, Optional<Rule> rule, String words) {
    this(number, set, packets, bytes, rule, words, true);
  }

  /**
   * Returns the listing of a rule.
   *
   * @param number its number
   * @param set its set
   * @param packets number of packets that matched
   * @param bytes number of bytes in those packets
   * @param rule the rule
   * @return the listed rule
   */
  public static ListedRule of(int number, int set, long packets, long bytes, Rule rule) {
    return new ListedRule(number, set, packets, bytes, Optional.of(rule), rule.toString());
  }

  /**
   * Returns the same listing, enabled or disabled.
   *
   * @param on whether the set of the rule is enabled
   * @return the listing
   */
  public ListedRule enabled(boolean on) {
    return new ListedRule(number, set, packets, bytes, rule, words, on);
  }

  /**
   * Returns the line with counters, as {@code ipfw -S show} prints it for a disabled rule and
   * {@code ipfw show} for others.
   *
   * @return such as {@code 00100 2 168 deny ip from any to any}
   */
  public String show() {
    return mark("%05d %d %d ".formatted(number, packets, bytes));
  }

  /**
   * Returns the line without counters, as {@code ipfw -S list} prints it for a disabled rule and
   * {@code ipfw list} for others.
   *
   * @return such as {@code 00100 deny ip from any to any}, or {@code # DISABLED 00100 set 1 deny ip
   *     from any to any}
   */
  @Override
  public String toString() {
    return mark("%05d ".formatted(number));
  }

  private String mark(String begin) {
    return enabled ? begin + words : "# DISABLED " + begin + "set " + set + " " + words;
  }
}
