// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import java.util.List;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.RuleSet;

/**
 * Operations on the ipfilter of one stack. Rules are evaluated in order: the last match decides,
 * unless an earlier match is {@code quick}. See ipf(5) and ipf(8).
 */
public interface IpfDriver {

  /**
   * Replaces all rules: loads them into the inactive set and swaps the two in one step.
   *
   * @param rules the new rules
   */
  void load(RuleSet rules);

  /**
   * Replaces all rules as {@link #load} does, on trial. Unless the caller confirms in time, the old
   * rules are restored, even if this process has ended. The trial does not change whether ipfilter
   * is enabled.
   *
   * @param rules the new rules
   * @param limit length of the trial; fractions of a millisecond are ignored
   * @return confirms or ends the trial
   */
  default TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    throw new Vnet.UnsupportedException("ipf: no rules on trial in this provider");
  }

  /**
   * Replaces all rules by the rules in a text, in one step.
   *
   * @param text rules in the language of ipf(5)
   * @throws org.vnet4j.Vnet.UnsupportedException if ipf(8) is missing
   * @throws org.vnet4j.firewall.RuleSyntaxException if ipf(8) rejects the text; the rules are
   *     unchanged
   */
  void loadText(String text);

  /**
   * Lists the active rules with their counters.
   *
   * @return the rules in the order of evaluation, incoming and outgoing as loaded
   */
  List<ListedRule> list();

  /** Deletes all rules and states. */
  void flush();

  /** Sets all counters to zero. */
  void zero();

  /**
   * Lists the states.
   *
   * @return the current states
   */
  List<FirewallState> states();

  /**
   * Returns whether ipfilter is enabled.
   *
   * @return true if enabled
   */
  boolean enabled();

  /**
   * Enables or disables ipfilter. Repeating a setting is not an error.
   *
   * @param on true to enable, false to disable
   */
  void enabled(boolean on);
}
