// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

/**
 * A condition of a rule, or its opposite.
 *
 * @param negated true to match packets that the condition does not match, including those it does
 *     not apply to: {@code not established} matches every UDP packet
 * @param condition the condition
 */
public record Option(boolean negated, Condition condition) {

  /** Replaces "not in" by "out" and "not out" by "in", as ipfw(8) does. */
  public Option {
    if (negated && condition instanceof Condition.Direction direction) {
      negated = false;
      condition =
          direction == Condition.Direction.IN ? Condition.Direction.OUT : Condition.Direction.IN;
    }
  }

  /**
   * Returns ipfw's words.
   *
   * @return for example {@code not via epair0b}
   */
  @Override
  public String toString() {
    return (negated ? "not " : "") + condition;
  }
}
