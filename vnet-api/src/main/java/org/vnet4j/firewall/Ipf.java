// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.time.Duration;
import java.util.List;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.IpfDriver;

/**
 * The ipfilter of one stack. Rules are evaluated in order: the last match decides, unless an
 * earlier match is quick. It affects no other stack. See ipf(4), ipf(5) and ipf(8).
 */
public final class Ipf {
  private final Access<IpfDriver> access;

  Ipf(Access<IpfDriver> access) {
    this.access = access;
  }

  /**
   * Replaces all rules in one step: they are loaded into the inactive set, and the two are swapped.
   *
   * @param rules the new rules
   * @return this
   * @throws IllegalArgumentException for a rule that ipfilter cannot express; the message names the
   *     rule
   */
  public Ipf load(RuleSet rules) {
    new Evaluation(rules, MatchOrder.LAST);
    access.change("ipf -Fa -f - of " + rules.rules().size() + " rules", d -> d.load(rules));
    return this;
  }

  /**
   * Replaces all rules in one step, on trial. Unless {@link Trial#confirm} is called in time, the
   * old rules are restored, even if this program was killed. Use it for changes that may lock you
   * out.
   *
   * @param rules the new rules
   * @param limit how long to wait for the confirmation, a millisecond to 24 days
   * @return the trial; its {@code close()} restores the old rules unless confirmed
   * @throws org.vnet4j.Vnet.UnsupportedException if the provider cannot restore the old rules
   * @throws Trial.InProgressException if rules of this firewall are on trial already
   */
  public Trial loadOnTrial(RuleSet rules, Duration limit) {
    return Trial.begin(access, "ipf load on trial", limit, d -> d.loadOnTrial(rules, limit));
  }

  /**
   * Replaces all rules by a text that ipf(8) reads, in one step.
   *
   * @param text in the language of ipf(5)
   * @return this
   * @throws org.vnet4j.Vnet.UnsupportedException if ipf(8) is missing
   * @throws RuleSyntaxException if ipf(8) rejects the text; the rules are unchanged
   */
  public Ipf loadIpfConf(String text) {
    access.change("ipf -Fa -f -", driver -> driver.loadText(text));
    return this;
  }

  /**
   * Lists the active rules with their counters.
   *
   * @return the rules in order, the default action last
   */
  public List<ListedRule> list() {
    return access.driver().list();
  }

  /**
   * Deletes all rules and states.
   *
   * @return this
   */
  public Ipf flush() {
    access.change("ipf -Fa -FS", IpfDriver::flush);
    return this;
  }

  /**
   * Sets all counters to zero.
   *
   * @return this
   */
  public Ipf zero() {
    access.change("ipf -z", IpfDriver::zero);
    return this;
  }

  /**
   * Lists the states.
   *
   * @return the current states
   */
  public List<FirewallState> states() {
    return access.driver().states();
  }

  /**
   * Returns whether ipfilter is enabled.
   *
   * @return true if enabled
   */
  public boolean enabled() {
    return access.driver().enabled();
  }

  /**
   * Enables ipfilter. Enabling it twice is not an error.
   *
   * @return this
   */
  public Ipf enable() {
    access.change("ipf -E", driver -> driver.enabled(true));
    return this;
  }

  /**
   * Disables ipfilter: all packets pass. Disabling it twice is not an error.
   *
   * @return this
   */
  public Ipf disable() {
    access.change("ipf -D", driver -> driver.enabled(false));
    return this;
  }

  /**
   * Returns the active rules.
   *
   * @return a line for each
   */
  @Override
  public String toString() {
    return Tables.lines(list());
  }
}
