// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.time.Duration;
import java.util.List;
import org.vnet4j.VnetException;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.IpfwDriver;

/**
 * The ipfw of one stack. Rules are evaluated in the order of their numbers; the first match
 * decides. It affects no other stack. See ipfw(8).
 *
 * <p>A rule that names a table that does not exist creates it, empty, as with ipfw(8).
 *
 * <p>{@link #add} takes effect rule by rule; {@link #load} and the {@link #set sets} change many
 * rules in one step.
 */
public final class Ipfw {
  private final Access<IpfwDriver> access;

  Ipfw(Access<IpfwDriver> access) {
    this.access = access;
  }

  /**
   * Adds a rule after the existing rules of the same number.
   *
   * @param number 1 to 65534
   * @param rule the rule
   * @return the added rule; prints as {@code 00100 deny ip from any to any}
   */
  public NumberedRule add(int number, Rule rule) {
    return addTo(0, new NumberedRule(number, rule));
  }

  /**
   * Adds a rule and lets the kernel choose its number: the highest so far plus its step, usually
   * 100.
   *
   * @param rule the rule
   * @return the added rule
   */
  public NumberedRule add(Rule rule) {
    return addTo(0, rule);
  }

  /**
   * Adds a rule given as text of ipfw(8): {@code "100 deny ip from any to any"}; the number may be
   * omitted. For features that {@link Rule} does not cover, use {@link #addWords}.
   *
   * @param words one rule
   * @return the added rule
   * @throws RuleSyntaxException if the words are not a rule; the message gives the column
   */
  public NumberedRule add(String words) {
    Tokens tokens = new Tokens(words);
    tokens.skip("add");
    return tokens.startsWithDigit()
        ? addTo(0, NumberedRule.parse(words))
        : addTo(0, new RuleParser(tokens).rule());
  }

  /**
   * Adds a rule given as text that ipfw(8) itself parses, for features that {@link Rule} does not
   * cover, such as {@code nat} and {@code pipe}.
   *
   * @param words one rule, with or without a number, as after {@code ipfw add}
   * @throws org.vnet4j.Vnet.UnsupportedException if ipfw(8) is missing
   * @throws RuleSyntaxException if ipfw(8) rejects the words
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
   * Lists all rules with their counters, including those of disabled sets, the default rule last.
   *
   * @return each prints as in {@code ipfw list}
   */
  public List<ListedRule> list() {
    return access.driver().list();
  }

  /**
   * Deletes all rules of a number that are in enabled sets: all or none. On FreeBSD, if several
   * enabled sets and a disabled set have rules of that number, this makes one call for each set; if
   * a call fails, the error names the sets whose rules are deleted already.
   *
   * @param number 1 to 65534
   * @return this
   * @throws RuleNotFoundException if no enabled set has such a rule
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
   * Deletes all rules except the default rule and the rules of set 31.
   *
   * @return this
   */
  public Ipfw flush() {
    access.change("ipfw flush", IpfwDriver::flush);
    return this;
  }

  /**
   * Replaces all rules of set 0 in one step: every packet is checked against either the old or the
   * new rules, never a mixture. If the default action of the rules differs from the stack's, rule
   * 65534 states it.
   *
   * @param rules the new rules
   * @return this
   */
  public Ipfw load(RuleSet rules) {
    access.change("ipfw load of " + rules.rules().size() + " rules", d -> d.load(rules));
    return this;
  }

  /**
   * Replaces all rules of set 0 by the rules in a text, in one step; see {@link RuleSet#parse}.
   *
   * @param text the lines
   * @return this
   * @throws RuleSyntaxException if a line is not a rule; the message gives line and column; the
   *     rules are unchanged
   */
  public Ipfw load(String text) {
    return load(RuleSet.parse(text));
  }

  /**
   * Replaces all rules of set 0 in one step, on trial. Unless {@link Trial#confirm} is called in
   * time, the old rules are restored, even if this program was killed. Use it for changes that may
   * lock you out.
   *
   * @param rules the new rules
   * @param limit how long to wait for the confirmation, a millisecond to 24 days
   * @return the trial; its {@code close()} restores the old rules unless confirmed
   * @throws org.vnet4j.Vnet.UnsupportedException if the provider cannot restore the old rules
   * @throws Trial.InProgressException if rules of this firewall are on trial already
   */
  public Trial loadOnTrial(RuleSet rules, Duration limit) {
    return Trial.begin(access, "ipfw load on trial", limit, d -> d.loadOnTrial(rules, limit));
  }

  /**
   * Returns one of the sets that rules can be kept in.
   *
   * @param number 0 to 31; 0 is the default set, 31 cannot be disabled
   * @return the set
   */
  public IpfwSet set(int number) {
    return new IpfwSet(this, access, number);
  }

  /**
   * Returns a handle on a table, which need not exist yet.
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
   * Returns whether ipfw is enabled.
   *
   * @return true unless disabled
   */
  public boolean enabled() {
    return access.driver().enabled();
  }

  /**
   * Enables ipfw. Enabling it twice is not an error.
   *
   * @return this
   */
  public Ipfw enable() {
    access.change("ipfw enable firewall", driver -> driver.enabled(true));
    return this;
  }

  /**
   * Disables ipfw: all packets pass; the rules remain. Disabling it twice is not an error.
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

  /** Thrown if there is no rule of that number. */
  public static final class RuleNotFoundException extends VnetException {
    private static final long serialVersionUID = 1L;

    RuleNotFoundException(String stack, int number) {
      super("ipfw delete " + number + " in " + stack + ": no rule has that number; see list()");
    }
  }
}
