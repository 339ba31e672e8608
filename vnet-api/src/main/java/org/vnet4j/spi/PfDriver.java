// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import java.util.List;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.net.Cidr;

/**
 * Operations on the pf of one stack. Translations apply first. Then rules are evaluated in order:
 * the last match decides, unless an earlier match is {@code quick}. See pf.conf(5) and pfctl(8).
 *
 * <p>The empty name {@code ""} denotes the main rules.
 */
public interface PfDriver {

  /**
   * Replaces the rules of an anchor in one step. Existing states remain.
   *
   * @param anchor name of the anchor, or {@code ""}
   * @param rules the new rules
   */
  void load(String anchor, PfRules rules);

  /**
   * Replaces all main rules as {@link #load} does, on trial. Unless the caller confirms in time,
   * the old rules are restored, even if this process has ended. The trial does not change whether
   * pf is enabled.
   *
   * @param rules the new rules
   * @param limit length of the trial; fractions of a millisecond are ignored
   * @return confirms or ends the trial
   */
  default TrialDriver loadOnTrial(PfRules rules, Duration limit) {
    throw new Vnet.UnsupportedException("pf: no rules on trial in this provider");
  }

  /**
   * Replaces the rules of an anchor by the rules in a text.
   *
   * @param anchor name of the anchor, or {@code ""}
   * @param text rules in the language of pf.conf(5)
   * @throws org.vnet4j.Vnet.UnsupportedException if pfctl(8) is missing
   * @throws org.vnet4j.firewall.RuleSyntaxException if pfctl(8) rejects the text; the rules are
   *     unchanged
   */
  void loadText(String anchor, String text);

  /**
   * Lists the filter rules of an anchor with their counters.
   *
   * @param anchor name of the anchor, or {@code ""}
   * @return the rules in the order of evaluation
   */
  List<ListedRule> list(String anchor);

  /**
   * Lists the translations of an anchor.
   *
   * @param anchor name of the anchor, or {@code ""}
   * @return one line for each translation, in the language of pf.conf(5)
   */
  List<String> translations(String anchor);

  /**
   * Lists the anchors that have rules.
   *
   * @return their names, sorted, without the main rules
   */
  List<String> anchors();

  /**
   * Deletes the rules and translations of an anchor. For the main rules, also deletes all states
   * and tables.
   *
   * @param anchor name of the anchor, or {@code ""}
   */
  void flush(String anchor);

  /** Sets all counters to zero. */
  void zero();

  /**
   * Lists the states.
   *
   * @return the current states
   */
  List<FirewallState> states();

  /**
   * Deletes states by the addresses of the packet that created them.
   *
   * @param source prefix of its source address; a prefix of length 0 for any
   * @param destination prefix of its destination address; a prefix of length 0 for any
   * @return number of deleted states
   */
  int killStates(Cidr source, Cidr destination);

  /**
   * Returns whether pf is enabled.
   *
   * @return true if enabled; pf of a new stack is disabled
   */
  boolean enabled();

  /**
   * Enables or disables pf. Repeating a setting is not an error.
   *
   * @param on true to enable, false to disable
   */
  void enabled(boolean on);

  /**
   * Returns the operations on the tables of the main rules.
   *
   * @return the same object at every call
   */
  TableDriver tables();
}
