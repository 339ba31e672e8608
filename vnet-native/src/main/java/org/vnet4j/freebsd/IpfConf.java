// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.LinkedHashSet;
import java.util.Set;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSet;

/**
 * Writes a rule set as ipf.conf(5): last match wins, unless a rule is quick. ipfilter's rules are
 * for one direction, one protocol, one address and one range of ports each, so a rule becomes as
 * many lines as it takes; what they count is added up by the tag that they share. A rule that
 * ipfilter cannot say is refused.
 */
final class IpfConf {
  private static final int NUMBERS = 0x10000;

  private IpfConf() {}

  /**
   * Writes the text for ipf(8).
   *
   * @throws IllegalArgumentException for a rule that ipfilter cannot say; it names rule and reason
   */
  static String of(RuleSet set) {
    String last = set.defaultAction() == Action.Plain.ALLOW ? "pass" : "block";
    StringBuilder text = new StringBuilder();
    for (String way : new String[] {"in", "out"}) {
      text.append(last).append(' ').append(way).append(" from any to any");
      text.append(tag(0, NumberedRule.DEFAULT)).append('\n');
    }
    int index = 0;
    for (NumberedRule rule : set.rules()) {
      index++;
      if (rule.rule().action() instanceof Action.CheckState) {
        continue; // ipfilter looks at states before all rules
      }
      try {
        Set<String> lines = new LinkedHashSet<>(new IpfRule(rule.rule()).lines());
        for (String line : lines) {
          text.append(line).append(tag(index, rule.number())).append('\n');
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("ipf: " + e.getMessage() + " in rule " + rule, e);
      }
    }
    return text.toString();
  }

  /** Of each rule its own, since ipfilter does not take the same rule twice. */
  private static String tag(int index, int number) {
    return " set-tag(log=" + Integer.toUnsignedString(index * NUMBERS + number) + ")";
  }

  /** The number of the rule that has a tag; 0 if it is none of ours. */
  static int number(long tag) {
    return (int) (tag % NUMBERS);
  }
}
