// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.Set;
import org.vnet4j.spi.Access;
import org.vnet4j.spi.IpfwDriver;

/**
 * One of the 32 sets that ipfw keeps rules in. Rules can be prepared in a disabled set and then
 * swapped in: the change is one step for every packet. See SETS OF RULES in ipfw(8).
 */
public final class IpfwSet {
  private static final int LAST = 31;

  private final Ipfw ipfw;
  private final Access<IpfwDriver> access;
  private final int number;

  IpfwSet(Ipfw ipfw, Access<IpfwDriver> access, int number) {
    if (number < 0 || number > LAST) {
      throw new IllegalArgumentException("set " + number + " is not in 0..31");
    }
    this.ipfw = ipfw;
    this.access = access;
    this.number = number;
  }

  /**
   * Returns its number.
   *
   * @return 0 to 31
   */
  public int number() {
    return number;
  }

  /**
   * Adds a rule to the set.
   *
   * @param ruleNumber 1 to 65534
   * @param rule the rule
   * @return this
   */
  public IpfwSet add(int ruleNumber, Rule rule) {
    ipfw.addTo(number, new NumberedRule(ruleNumber, rule));
    return this;
  }

  /**
   * Returns whether the set is enabled.
   *
   * @return false if it is disabled
   */
  public boolean enabled() {
    return access.driver().enabledSets().contains(number);
  }

  /**
   * Enables the set: packets are checked against its rules.
   *
   * @return this
   */
  public IpfwSet enable() {
    access.change("ipfw set enable " + number, d -> d.sets(Set.of(number), Set.of()));
    return this;
  }

  /**
   * Disables the set: packets skip its rules.
   *
   * @return this
   * @throws IllegalArgumentException for set 31
   */
  public IpfwSet disable() {
    below31();
    access.change("ipfw set disable " + number, d -> d.sets(Set.of(), Set.of(number)));
    return this;
  }

  /**
   * Exchanges the rules of this set and another in one step.
   *
   * @param other another set
   * @return this
   * @throws IllegalArgumentException for set 31
   */
  public IpfwSet swap(IpfwSet other) {
    below31();
    other.below31();
    access.change(
        "ipfw set swap " + number + " " + other.number, d -> d.swap(number, other.number));
    return this;
  }

  /**
   * Moves all rules of this set to another.
   *
   * @param other another set
   * @return this
   * @throws IllegalArgumentException for set 31
   */
  public IpfwSet moveTo(IpfwSet other) {
    below31();
    other.below31();
    access.change(
        "ipfw set move " + number + " to " + other.number, d -> d.move(number, other.number));
    return this;
  }

  /**
   * Deletes its rules, in one step.
   *
   * @return this
   */
  public IpfwSet delete() {
    access.change("ipfw delete set " + number, d -> d.deleteSet(number));
    return this;
  }

  private void below31() {
    if (number == LAST) {
      throw new IllegalArgumentException("set 31 cannot be disabled, swapped or moved");
    }
  }

  /**
   * Returns the name of the set.
   *
   * @return such as {@code set 3}
   */
  @Override
  public String toString() {
    return "set " + number;
  }
}
