// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import java.util.LinkedHashSet;
import java.util.Set;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSet;

/**
 * Converts a rule set to ipf.conf(5). There the last matching rule wins, unless a rule is quick.
 * Each ipfilter rule has one direction, one protocol, one address and one range of ports, so a
 * neutral rule may become several lines. Those lines share a tag, by which their counters are
 * summed. A rule that ipfilter cannot express is rejected.
 */
public final class IpfConf {
  private static final int NUMBERS = 0x10000;

  private IpfConf() {}

  /**
   * Returns the text for ipf(8).
   *
   * @throws IllegalArgumentException for a rule that ipfilter cannot express; the message has the
   *     rule and the reason
   */
  public static String of(RuleSet set) {
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
        continue; // ipfilter checks states before all rules
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

  /**
   * Returns the tag of a rule. The tag includes the rule's position, since ipfilter rejects the
   * same rule twice.
   */
  private static String tag(int index, int number) {
    return " set-tag(log=" + Integer.toUnsignedString(index * NUMBERS + number) + ")";
  }

  /** Returns the number of the rule that has a tag; 0 for a tag not written here. */
  static int number(long tag) {
    return (int) (tag % NUMBERS);
  }
}
