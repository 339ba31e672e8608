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
 * Operations on the ipfw of one stack: rules in the order of their numbers, the first that matches
 * decides. See ipfw(8).
 */
public interface IpfwDriver {

  /**
   * Lists the rules of enabled and disabled sets, the default rule last.
   *
   * @return rules with their counters
   */
  List<ListedRule> list();

  /**
   * Adds a rule behind those of the same number.
   *
   * @param number 1 to 65534, or 0 to let the kernel choose
   * @param set 0 to 31
   * @param rule the rule
   * @return its number
   */
  int add(int number, int set, Rule rule);

  /**
   * Adds a rule that a neutral rule cannot say, in the words of ipfw(8).
   *
   * @param words one rule, without {@code add}
   * @throws org.vnet4j.Vnet.UnsupportedException where there is no ipfw(8)
   * @throws org.vnet4j.firewall.RuleSyntaxException if ipfw(8) refuses the words
   */
  void addWords(String words);

  /**
   * Deletes all rules of a number, in enabled sets.
   *
   * @param number 1 to 65534
   * @return how many there were
   */
  int delete(int number);

  /**
   * Deletes all rules of a set.
   *
   * @param set 0 to 31
   */
  void deleteSet(int set);

  /**
   * Sets counters to zero.
   *
   * @param number of the rules, or 0 for all
   */
  void zero(int number);

  /**
   * Deletes all rules but the default, and those of set 31; states are deleted with their rules.
   */
  void flush();

  /**
   * Replaces all rules of set 0 in one step: a packet meets the old rules or the new ones.
   *
   * @param rules the new rules; if its default action is not this stack's, a last rule says it
   */
  void load(RuleSet rules);

  /**
   * Replaces all rules of set 0, as load does, for a time: unless confirmed by then, the old ones
   * come back, also when this process has ended before.
   *
   * @param rules the new rules
   * @param limit until when, in milliseconds at the finest
   * @return the way back
   */
  default TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    throw new Vnet.UnsupportedException("ipfw: no rules on trial in this provider");
  }

  /**
   * Returns the sets that are enabled.
   *
   * @return numbers from 0 to 31; 31 always
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
   * @param one 0 to 30
   * @param other 0 to 30
   */
  void swap(int one, int other);

  /**
   * Moves all rules of a set to another.
   *
   * @param from 0 to 30
   * @param to 0 to 30
   */
  void move(int from, int to);

  /**
   * Returns whether packets are looked at.
   *
   * @return true unless disabled
   */
  boolean enabled();

  /**
   * Lets packets be looked at, or not.
   *
   * @param on true to enable
   */
  void enabled(boolean on);

  /**
   * Returns the tables.
   *
   * @return the same object at every call
   */
  TableDriver tables();
}
