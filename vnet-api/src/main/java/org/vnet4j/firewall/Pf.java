// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.time.Duration;
import java.util.List;
import org.vnet4j.net.Cidr;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.PfDriver;

/**
 * The pf of one stack. Rules are evaluated in order: the last match decides, unless an earlier
 * match is quick. It affects no other stack. In a new stack it is disabled; see {@link #enable}.
 * See pf(4), pf.conf(5) and pfctl(8).
 */
public final class Pf {
  private final Access<PfDriver> access;

  Pf(Access<PfDriver> access) {
    this.access = access;
  }

  /**
   * Replaces the main rules in one step. Existing states remain.
   *
   * @param rules the new rules
   * @return this
   * @throws IllegalArgumentException for a rule that pf cannot express; the message names the rule
   */
  public Pf load(PfRules rules) {
    anchor("").load(rules);
    return this;
  }

  /**
   * Replaces the main rules in one step by filter rules, without translations and anchors.
   *
   * @param rules the new rules
   * @return this
   */
  public Pf load(RuleSet rules) {
    return load(PfRules.of(rules));
  }

  /**
   * Replaces all main rules in one step, on trial. Unless {@link Trial#confirm} is called in time,
   * the old rules are restored, even if this program was killed. Use it for changes that may lock
   * you out.
   *
   * @param rules the new rules
   * @param limit how long to wait for the confirmation, a millisecond to 24 days
   * @return the trial; its {@code close()} restores the old rules unless confirmed
   * @throws org.vnet4j.Vnet.UnsupportedException if the provider cannot restore the old rules
   * @throws Trial.InProgressException if rules of this firewall are on trial already
   */
  public Trial loadOnTrial(PfRules rules, Duration limit) {
    return Trial.begin(access, "pf load on trial", limit, d -> d.loadOnTrial(rules, limit));
  }

  /**
   * Replaces the main rules by text that pfctl(8) reads.
   *
   * @param text in the language of pf.conf(5)
   * @return this
   * @throws org.vnet4j.Vnet.UnsupportedException if pfctl(8) is missing
   * @throws RuleSyntaxException if pfctl(8) rejects the text; the rules are unchanged
   */
  public Pf loadPfConf(String text) {
    access.change("pfctl -f -", driver -> driver.loadText("", text));
    return this;
  }

  /**
   * Lists the main filter rules with their counters.
   *
   * @return the rules in order, the default action last
   */
  public List<ListedRule> list() {
    return anchor("").list();
  }

  /**
   * Lists the main translations.
   *
   * @return one line for each, in the language of pf.conf(5)
   */
  public List<String> translations() {
    return access.driver().translations("");
  }

  /**
   * Returns a handle on an anchor: a list of rules that the main rules evaluate too, and that can
   * be replaced separately. See ANCHORS in pf.conf(5).
   *
   * @param name as in {@link PfRules#anchor}
   * @return the anchor, which may have no rules
   */
  public PfAnchor anchor(String name) {
    return new PfAnchor(access, name);
  }

  /**
   * Lists the anchors that have rules.
   *
   * @return sorted by name
   */
  public List<PfAnchor> anchors() {
    return access.driver().anchors().stream().map(this::anchor).toList();
  }

  /**
   * Deletes all main rules, translations, tables and states.
   *
   * @return this
   */
  public Pf flush() {
    anchor("").flush();
    return this;
  }

  /**
   * Sets all counters to zero.
   *
   * @return this
   */
  public Pf zero() {
    access.change("pfctl -z", PfDriver::zero);
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
   * Deletes the states of connections from one network to another.
   *
   * @param source such as {@code 192.0.2.0/24}; {@code 0.0.0.0/0} for any IPv4 address
   * @param destination likewise, of the same IP version
   * @return number of deleted states
   */
  public int killStates(String source, String destination) {
    return killStates(Cidr.parse(source), Cidr.parse(destination));
  }

  /**
   * Deletes the states of connections from one network to another.
   *
   * @param source a network; of length 0 for any address of its IP version
   * @param destination likewise, of the same IP version
   * @return number of deleted states
   */
  public int killStates(Cidr source, Cidr destination) {
    return access.changeAndGet(
        "pfctl -k " + source + " -k " + destination,
        driver -> driver.killStates(source, destination));
  }

  /**
   * Returns a handle on a table, which need not exist yet.
   *
   * @param name 1 to 31 letters, digits, {@code _ - .}
   * @return the table
   */
  public Table table(String name) {
    return new Table(Tables.of(access, PfDriver::tables), name);
  }

  /**
   * Lists the tables.
   *
   * @return sorted by name
   */
  public List<Table> tables() {
    return access.driver().tables().tables().stream().map(this::table).toList();
  }

  /**
   * Returns whether pf is enabled.
   *
   * @return true if enabled
   */
  public boolean enabled() {
    return access.driver().enabled();
  }

  /**
   * Enables pf. Enabling it twice is not an error.
   *
   * @return this
   */
  public Pf enable() {
    access.change("pfctl -e", driver -> driver.enabled(true));
    return this;
  }

  /**
   * Disables pf: all packets pass; the rules remain. Disabling it twice is not an error.
   *
   * @return this
   */
  public Pf disable() {
    access.change("pfctl -d", driver -> driver.enabled(false));
    return this;
  }

  /**
   * Returns the main rules.
   *
   * @return a line for each
   */
  @Override
  public String toString() {
    return Tables.lines(list());
  }
}
