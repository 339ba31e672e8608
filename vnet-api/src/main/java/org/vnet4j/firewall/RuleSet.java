// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A list of rules in the order of their numbers, with a default action.
 *
 * @param rules the rules; given in any order, kept in the order of numbers, and rules of the same
 *     number in the order they were given
 * @param defaultAction {@link Action.Plain#ALLOW} or {@link Action.Plain#DENY}
 */
public record RuleSet(List<NumberedRule> rules, Action.Plain defaultAction) {
  private static final int STEP = 100;

  /** Sorts the rules and checks the default action. */
  public RuleSet {
    List<NumberedRule> sorted = new ArrayList<>(rules);
    sorted.sort(Comparator.comparingInt(NumberedRule::number));
    rules = List.copyOf(sorted);
    if (defaultAction == Action.Plain.COUNT) {
      throw new IllegalArgumentException("the default action is allow or deny, not count");
    }
  }

  /**
   * Returns an empty set that allows all packets.
   *
   * @return a set to add rules to
   */
  public static RuleSet allowing() {
    return new RuleSet(List.of(), Action.Plain.ALLOW);
  }

  /**
   * Returns an empty set that drops all packets.
   *
   * @return a set to add rules to
   */
  public static RuleSet denying() {
    return new RuleSet(List.of(), Action.Plain.DENY);
  }

  /**
   * Reads a file of rules, one a line: {@code [add] [number] rule}. Empty lines and comments after
   * {@code #} are ignored. A rule without a number gets the highest number so far plus 100, as the
   * kernel does. The default action is deny unless a line gives rule 65535, as {@code ipfw list}
   * prints it.
   *
   * @param text the lines
   * @return the rules
   * @throws RuleSyntaxException if a line is not a rule; the message gives line, column and word
   */
  public static RuleSet parse(String text) {
    return RuleSetParser.parse(text);
  }

  /**
   * Adds a rule.
   *
   * @param number its number, 1 to 65534; the rule follows others of the same number
   * @param rule the rule
   * @return a new set
   */
  public RuleSet add(int number, Rule rule) {
    List<NumberedRule> more = new ArrayList<>(rules);
    more.add(new NumberedRule(number, rule));
    return new RuleSet(more, defaultAction);
  }

  /**
   * Adds a rule after all others.
   *
   * @param rule the rule; its number will be the highest so far plus 100, or the highest so far if
   *     that would be above 65534
   * @return a new set
   */
  public RuleSet add(Rule rule) {
    return add(nextNumber(rules), rule);
  }

  static int nextNumber(List<NumberedRule> rules) {
    int highest = 0;
    for (NumberedRule rule : rules) {
      highest = Math.max(highest, rule.number());
    }
    return highest + STEP < NumberedRule.DEFAULT ? highest + STEP : highest;
  }

  /**
   * Returns the rules as {@code ipfw list} prints them and {@link #parse} reads them.
   *
   * @return a line for each rule and one for the default
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (NumberedRule rule : rules) {
      text.append(rule).append('\n');
    }
    return text + "65535 " + defaultAction + " ip from any to any\n";
  }
}
