// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.time.Duration;
import java.util.List;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.IpfDriver;

/**
 * The ipfilter of one stack: rules in their order, of which the last that matches decides, or the
 * first that is quick. It can reach no other stack's. See ipf(4), ipf(5) and ipf(8).
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
   * @throws IllegalArgumentException for a rule that ipfilter cannot say; it names the rule
   */
  public Ipf load(RuleSet rules) {
    new Evaluation(rules, MatchOrder.LAST);
    access.change("ipf -Fa -f - of " + rules.rules().size() + " rules", d -> d.load(rules));
    return this;
  }

  /**
   * Replaces all rules in one step, for a time: unless {@link Trial#confirm} is called by then, the
   * old ones come back, also when this program was killed before. Try a dangerous change with it.
   *
   * @param rules the new rules
   * @param limit how long to wait for the confirmation, more than zero
   * @return the trial, to be confirmed; its {@code close()} restores
   * @throws org.vnet4j.Vnet.UnsupportedException where the old rules cannot be kept
   */
  public Trial loadOnTrial(RuleSet rules, Duration limit) {
    return Trial.begin(access, "ipf load on trial", limit, d -> d.loadOnTrial(rules, limit));
  }

  /**
   * Replaces all rules by text that ipf(8) reads, likewise.
   *
   * @param text in the language of ipf(5)
   * @return this
   * @throws org.vnet4j.Vnet.UnsupportedException where there is no ipf(8)
   * @throws RuleSyntaxException if ipf(8) refuses it; nothing changed
   */
  public Ipf loadIpfConf(String text) {
    access.change("ipf -Fa -f -", driver -> driver.loadText(text));
    return this;
  }

  /**
   * Lists the active rules with their counters.
   *
   * @return in their order, the default action last
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
   * Lists the connections that are remembered.
   *
   * @return what the kernel says now
   */
  public List<FirewallState> states() {
    return access.driver().states();
  }

  /**
   * Returns whether packets are looked at.
   *
   * @return true if enabled
   */
  public boolean enabled() {
    return access.driver().enabled();
  }

  /**
   * Lets packets be looked at. Doing it twice is no error.
   *
   * @return this
   */
  public Ipf enable() {
    access.change("ipf -E", driver -> driver.enabled(true));
    return this;
  }

  /**
   * Lets all packets pass without a look. Doing it twice is no error.
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
