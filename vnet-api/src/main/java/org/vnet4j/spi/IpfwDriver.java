// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;

/**
 * Operations on the ipfw of one stack. Rules are evaluated in the order of their numbers; the first
 * match decides. See ipfw(8).
 */
public interface IpfwDriver {

  /**
   * Lists the rules of enabled and disabled sets, the default rule last.
   *
   * @return the rules with their counters
   */
  List<ListedRule> list();

  /**
   * Adds a rule after the existing rules of the same number.
   *
   * @param number rule number, 1 to 65534, or 0 to let the kernel choose
   * @param set set number, 0 to 31
   * @param rule the rule
   * @return its number
   */
  int add(int number, int set, Rule rule);

  /**
   * Adds a rule given as text of ipfw(8), for features that {@link Rule} does not cover.
   *
   * @param words one rule, without {@code add}
   * @throws org.vnet4j.Vnet.UnsupportedException if ipfw(8) is missing
   * @throws org.vnet4j.firewall.RuleSyntaxException if ipfw(8) rejects the words
   */
  void addWords(String words);

  /**
   * Deletes all rules of a number in the enabled sets.
   *
   * @param number rule number, 1 to 65534
   * @return number of deleted rules
   */
  int delete(int number);

  /**
   * Deletes all rules of a set.
   *
   * @param set set number, 0 to 31
   */
  void deleteSet(int set);

  /**
   * Sets counters to zero.
   *
   * @param number rule number, or 0 for all rules
   */
  void zero(int number);

  /**
   * Deletes all rules except the default rule and the rules of set 31. Deleting a rule deletes its
   * states.
   */
  void flush();

  /**
   * Replaces all rules of set 0 in one step: every packet is checked against either the old or the
   * new rules.
   *
   * @param rules the new rules; if their default action differs from the stack's, a final rule
   *     states it
   */
  void load(RuleSet rules);

  /**
   * Replaces all rules of set 0 as {@link #load} does, on trial. Unless the caller confirms in
   * time, the old rules are restored, even if this process has ended.
   *
   * @param rules the new rules
   * @param limit length of the trial; fractions of a millisecond are ignored
   * @return confirms or ends the trial
   */
  default TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    throw new Vnet.UnsupportedException("ipfw: no rules on trial in this provider");
  }

  /**
   * Returns the enabled sets.
   *
   * @return set numbers, 0 to 31; always includes 31
   */
  Set<Integer> enabledSets();

  /**
   * Enables some sets and disables others in one step.
   *
   * @param enable sets to enable
   * @param disable sets to disable; never 31
   */
  void sets(Set<Integer> enable, Set<Integer> disable);

  /**
   * Exchanges the rules of two sets in one step.
   *
   * @param one set number, 0 to 30
   * @param other set number, 0 to 30
   */
  void swap(int one, int other);

  /**
   * Moves all rules of a set to another.
   *
   * @param from set number, 0 to 30
   * @param to set number, 0 to 30
   */
  void move(int from, int to);

  /**
   * Returns whether ipfw is enabled.
   *
   * @return true unless disabled
   */
  boolean enabled();

  /**
   * Enables or disables ipfw.
   *
   * @param on true to enable, false to disable
   */
  void enabled(boolean on);

  /**
   * Returns the operations on the address tables.
   *
   * @return the same object at every call
   */
  TableDriver tables();
}
