// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

/**
 * A rule with its number.
 *
 * @param number 1 to 65534; several rules may have the same
 * @param rule the rule
 */
public record NumberedRule(int number, Rule rule) {
  /** The number of the default rule, which decides if no other rule does. */
  public static final int DEFAULT = 65535;

  /** Checks the number. */
  public NumberedRule {
    check(number);
    if (rule.action() instanceof Action.SkipTo to && to.number() <= number) {
      throw new IllegalArgumentException(
          "skipto " + to.number() + " in rule " + number + " goes back");
    }
  }

  /**
   * Reads a rule with its number, in ipfw(8)'s words.
   *
   * @param text such as {@code 00100 allow ip from any to any}; {@code add} may precede it
   * @return the rule
   * @throws RuleSyntaxException if the text is not a rule with a number
   */
  public static NumberedRule parse(String text) {
    Tokens words = new Tokens(text);
    words.skip("add");
    return rest(words, words.next("rule number", NumberedRule::number));
  }

  /** Reads the rule after its number. */
  static NumberedRule rest(Tokens words, int number) {
    int start = words.mark();
    Rule rule = new RuleParser(words).rule();
    try {
      return new NumberedRule(number, rule);
    } catch (IllegalArgumentException e) {
      throw words.failureAt(start, e.getMessage());
    }
  }

  static int number(String word) {
    if (!NumberRange.isNumber(word)) {
      throw new IllegalArgumentException("not a rule number");
    }
    return check(Integer.parseInt(word));
  }

  static int check(int number) {
    if (number < 1 || number >= DEFAULT) {
      throw new IllegalArgumentException("rule number " + number + " is not in 1..65534");
    }
    return number;
  }

  /**
   * Returns the line {@code ipfw list} prints.
   *
   * @return for example {@code 00100 allow ip from any to any}
   */
  @Override
  public String toString() {
    return "%05d %s".formatted(number, rule);
  }
}
