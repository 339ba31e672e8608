// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.time.Duration;
import java.util.List;
import org.vnet4j.VnetException;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.IpfwDriver;

/**
 * The ipfw of one stack: rules in the order of their numbers, of which the first that matches
 * decides. It can reach no other stack's. See ipfw(8).
 *
 * <p>Rules that are added one by one are there one by one; {@link #load} and the {@link #set sets}
 * change many in one step.
 */
public final class Ipfw {
  private final Access<IpfwDriver> access;

  Ipfw(Access<IpfwDriver> access) {
    this.access = access;
  }

  /**
   * Adds a rule behind those of the same number.
   *
   * @param number 1 to 65534
   * @param rule the rule
   * @return what is there now; prints as {@code 00100 deny ip from any to any}
   */
  public NumberedRule add(int number, Rule rule) {
    return addTo(0, new NumberedRule(number, rule));
  }

  /**
   * Adds a rule and lets the kernel choose its number: the highest so far and its step, usually
   * 100.
   *
   * @param rule the rule
   * @return what is there now
   */
  public NumberedRule add(Rule rule) {
    return addTo(0, rule);
  }

  /**
   * Adds a rule in ipfw(8)'s words: {@code "100 deny ip from any to any"}; the number may be left
   * out. Use {@link #addWords} for what a {@link Rule} cannot express.
   *
   * @param words one rule
   * @return what is there now
   * @throws RuleSyntaxException if the words are no rule; it reports the column
   */
  public NumberedRule add(String words) {
    String rest = words.strip();
    rest = rest.startsWith("add ") ? rest.substring(4).strip() : rest;
    return rest.matches("[0-9]+ .*")
        ? addTo(0, NumberedRule.parse(rest))
        : addTo(0, Rule.parse(rest));
  }

  /**
   * Adds a rule in the words of ipfw(8), which reads them itself: for what a {@link Rule} cannot
   * say, such as {@code nat} and {@code pipe}.
   *
   * @param words one rule, with or without a number, as behind {@code ipfw add}
   * @throws org.vnet4j.Vnet.UnsupportedException where there is no ipfw(8)
   * @throws RuleSyntaxException if ipfw(8) refuses the words
   */
  public void addWords(String words) {
    access.change("ipfw add " + words, driver -> driver.addWords(words));
  }

  NumberedRule addTo(int set, NumberedRule rule) {
    access.change("ipfw add " + rule, driver -> driver.add(rule.number(), set, rule.rule()));
    return rule;
  }

  private NumberedRule addTo(int set, Rule rule) {
    int number = access.changeAndGet("ipfw add " + rule, driver -> driver.add(0, set, rule));
    return new NumberedRule(number, rule);
  }

  /**
   * Lists all rules with their counters, those of disabled sets too, the default rule last.
   *
   * @return each prints as in {@code ipfw list}
   */
  public List<ListedRule> list() {
    return access.driver().list();
  }

  /**
   * Deletes all rules of a number that are in enabled sets: all or none. On FreeBSD alone, where
   * several enabled sets and a disabled one have rules of that number, the kernel is asked once for
   * each set; if it refuses in between, the error reports which are deleted already.
   *
   * @param number 1 to 65534
   * @return this
   * @throws RuleNotFoundException if there is none
   */
  public Ipfw delete(int number) {
    NumberedRule.check(number);
    access.change(
        "ipfw delete " + number,
        driver -> {
          if (driver.delete(number) == 0) {
            throw new RuleNotFoundException(access.stack(), number);
          }
        });
    return this;
  }

  /**
   * Sets the counters of all rules to zero.
   *
   * @return this
   */
  public Ipfw zero() {
    access.change("ipfw zero", driver -> driver.zero(0));
    return this;
  }

  /**
   * Sets the counters of the rules of a number to zero.
   *
   * @param number 1 to 65534
   * @return this
   */
  public Ipfw zero(int number) {
    NumberedRule.check(number);
    access.change("ipfw zero " + number, driver -> driver.zero(number));
    return this;
  }

  /**
   * Deletes all rules but the default and those of set 31.
   *
   * @return this
   */
  public Ipfw flush() {
    access.change("ipfw flush", IpfwDriver::flush);
    return this;
  }

  /**
   * Replaces all rules of set 0 in one step: a packet meets the old rules or the new ones, never a
   * mixture. If the set's default action is not the stack's own, rule 65534 says it.
   *
   * @param rules the new rules
   * @return this
   */
  public Ipfw load(RuleSet rules) {
    access.change("ipfw load of " + rules.rules().size() + " rules", d -> d.load(rules));
    return this;
  }

  /**
   * Replaces all rules of set 0 by a file of rules, likewise; see {@link RuleSet#parse}.
   *
   * @param text the lines
   * @return this
   * @throws RuleSyntaxException if a line is not a rule; it reports line and column; nothing
   *     changed
   */
  public Ipfw load(String text) {
    return load(RuleSet.parse(text));
  }

  /**
   * Replaces all rules of set 0 in one step, for a time: unless {@link Trial#confirm} is called by
   * then, the old ones come back, also when this program was killed before. Try a dangerous change
   * with it.
   *
   * @param rules the new rules
   * @param limit how long to wait for the confirmation, more than zero
   * @return the trial, to be confirmed; its {@code close()} restores
   * @throws org.vnet4j.Vnet.UnsupportedException where the old rules cannot be kept
   */
  public Trial loadOnTrial(RuleSet rules, Duration limit) {
    return Trial.begin(access, "ipfw load on trial", limit, d -> d.loadOnTrial(rules, limit));
  }

  /**
   * Returns one of the sets that rules can be kept in.
   *
   * @param number 0 to 31; 0 is the set of rules without one, 31 cannot be disabled
   * @return the set
   */
  public IpfwSet set(int number) {
    return new IpfwSet(this, access, number);
  }

  /**
   * Returns a table, there or not yet.
   *
   * @param name 1 to 63 letters, digits, {@code _ - .}
   * @return the table
   */
  public Table table(String name) {
    return new Table(Tables.of(access, IpfwDriver::tables), name);
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
   * @return true unless disabled
   */
  public boolean enabled() {
    return access.driver().enabled();
  }

  /**
   * Lets packets be looked at. Doing it twice is no error.
   *
   * @return this
   */
  public Ipfw enable() {
    access.change("ipfw enable firewall", driver -> driver.enabled(true));
    return this;
  }

  /**
   * Lets all packets pass without a look; the rules stay. Doing it twice is no error.
   *
   * @return this
   */
  public Ipfw disable() {
    access.change("ipfw disable firewall", driver -> driver.enabled(false));
    return this;
  }

  /**
   * Returns what {@code ipfw list} prints.
   *
   * @return a line for each rule
   */
  @Override
  public String toString() {
    return Tables.lines(list());
  }

  /** There is no rule of that number. */
  public static final class RuleNotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    RuleNotFoundException(String stack, int number) {
      super("ipfw delete " + number + " in " + stack + ": no rule has that number; see list()");
    }
  }
}
