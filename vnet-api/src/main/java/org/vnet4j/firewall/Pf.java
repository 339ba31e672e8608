// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.time.Duration;
import java.util.List;
import org.vnet4j.net.Cidr;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.PfDriver;

/**
 * The pf of one stack: rules in their order, of which the last that matches decides, or the first
 * that is quick. It can reach no other stack's. Disabled in a fresh stack: {@link #enable} lets it
 * look at packets. See pf(4), pf.conf(5) and pfctl(8).
 */
public final class Pf {
  private final Access<PfDriver> access;

  Pf(Access<PfDriver> access) {
    this.access = access;
  }

  /**
   * Replaces the main rules in one step. States that are there stay.
   *
   * @param rules the new rules
   * @return this
   * @throws IllegalArgumentException for a rule that pf cannot say; it names the rule
   */
  public Pf load(PfRules rules) {
    anchor("").load(rules);
    return this;
  }

  /**
   * Replaces the main filter rules in one step; there are no translations and anchors then.
   *
   * @param rules the new rules
   * @return this
   */
  public Pf load(RuleSet rules) {
    return load(PfRules.of(rules));
  }

  /**
   * Replaces all main rules in one step, for a time: unless {@link Trial#confirm} is called by
   * then, the old ones come back, also when this program was killed before. Try a dangerous change
   * with it.
   *
   * @param rules the new rules
   * @param limit how long to wait for the confirmation, more than zero
   * @return the trial, to be confirmed; its {@code close()} restores
   * @throws org.vnet4j.Vnet.UnsupportedException where the old rules cannot be kept
   */
  public Trial loadOnTrial(PfRules rules, Duration limit) {
    return Trial.begin(access, "pf load on trial", limit, d -> d.loadOnTrial(rules, limit));
  }

  /**
   * Replaces the main rules by text that pfctl(8) reads.
   *
   * @param text in the language of pf.conf(5)
   * @return this
   * @throws org.vnet4j.Vnet.UnsupportedException where there is no pfctl(8)
   * @throws RuleSyntaxException if pfctl(8) refuses it; nothing changed
   */
  public Pf loadPfConf(String text) {
    access.change("pfctl -f -", driver -> driver.loadText("", text));
    return this;
  }

  /**
   * Lists the main filter rules with their counters.
   *
   * @return in their order, the default action last
   */
  public List<ListedRule> list() {
    return anchor("").list();
  }

  /**
   * Lists the main translations.
   *
   * @return a line for each, in pf's words
   */
  public List<String> translations() {
    return access.driver().translations("");
  }

  /**
   * Returns an anchor: rules of their own that the main rules send packets through, which can be
   * replaced without touching the others. See ANCHORS in pf.conf(5).
   *
   * @param name as in {@link PfRules#anchor}
   * @return the anchor, with rules or without
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
   * Lists the connections that are remembered.
   *
   * @return what the kernel says now
   */
  public List<FirewallState> states() {
    return access.driver().states();
  }

  /**
   * Forgets the connections from one network to another.
   *
   * @param source such as {@code 192.0.2.0/24}; {@code 0.0.0.0/0} for any IPv4 address
   * @param destination likewise, of the same IP version
   * @return how many there were
   */
  public int killStates(String source, String destination) {
    return killStates(Cidr.parse(source), Cidr.parse(destination));
  }

  /**
   * Forgets the connections from one network to another.
   *
   * @param source a network; of length 0 for any address of its IP version
   * @param destination likewise, of the same IP version
   * @return how many there were
   */
  public int killStates(Cidr source, Cidr destination) {
    return access.changeAndGet(
        "pfctl -k " + source + " -k " + destination,
        driver -> driver.killStates(source, destination));
  }

  /**
   * Returns a table, there or not yet.
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
  public Pf enable() {
    access.change("pfctl -e", driver -> driver.enabled(true));
    return this;
  }

  /**
   * Lets all packets pass without a look; the rules stay. Doing it twice is no error.
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
