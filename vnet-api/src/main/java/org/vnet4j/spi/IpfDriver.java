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
 * Operations on the ipfilter of one stack: rules in their order, of which the last that matches
 * decides, or the first that is quick. See ipf(5) and ipf(8).
 */
public interface IpfDriver {

  /**
   * Replaces all rules: loads them into the inactive set and swaps the two in one step.
   *
   * @param rules the new rules
   */
  void load(RuleSet rules);

  /**
   * Replaces all rules, as load does, for a time: unless confirmed by then, the old ones come back,
   * also when this process has ended before. Packets are looked at meanwhile, enabled or not.
   *
   * @param rules the new rules
   * @param limit until when, in milliseconds at the finest
   * @return the way back
   */
  default TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    throw new Vnet.UnsupportedException("ipf: no rules on trial in this provider");
  }

  /**
   * Replaces all rules by text, likewise.
   *
   * @param text in the language of ipf(5)
   * @throws org.vnet4j.Vnet.UnsupportedException where there is no ipf(8)
   * @throws org.vnet4j.firewall.RuleSyntaxException if ipf(8) refuses it; nothing changed
   */
  void loadText(String text);

  /**
   * Lists the active rules with their counters.
   *
   * @return in their order, those for incoming packets and those for outgoing ones as loaded
   */
  List<ListedRule> list();

  /** Deletes all rules and states. */
  void flush();

  /** Sets all counters to zero. */
  void zero();

  /**
   * Lists the states.
   *
   * @return what is remembered now
   */
  List<FirewallState> states();

  /**
   * Returns whether packets are looked at.
   *
   * @return true if enabled
   */
  boolean enabled();

  /**
   * Lets packets be looked at, or not. Doing it twice is no error.
   *
   * @param on true to enable
   */
  void enabled(boolean on);
}
