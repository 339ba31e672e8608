// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSet;

/**
 * Writes a rule set as pf.conf(5): last match wins, unless a rule is quick. Each rule becomes one
 * rule of pf's, so that its counters are its own, with its number as label; lists of addresses
 * become tables, which pf can also negate. pf adds states and flags of its own accord to what has
 * none, so both are always spelled out.
 *
 * <p>The number stands for the order alone. The name of a state means nothing to pf, and so does
 * check-state, since pf looks at states before all rules. A rule that pf cannot say is refused.
 * {@code count} needs FreeBSD 14, where pf has {@code match}.
 */
final class PfConf {
  private PfConf() {}

  /**
   * Writes the text for pfctl(8).
   *
   * @throws IllegalArgumentException for a rule that pf cannot say; it names rule and reason
   */
  static String of(RuleSet set) {
    Map<String, String> tables = new LinkedHashMap<>();
    StringBuilder rules = new StringBuilder();
    rules
        .append(set.defaultAction() == Action.Plain.ALLOW ? "pass all no state" : "block drop all")
        .append(" label \"65535\"\n");
    int index = 0;
    for (NumberedRule rule : set.rules()) {
      index++;
      if (rule.rule().action() instanceof Action.CheckState) {
        continue;
      }
      try {
        rules.append(new PfRule(rule, "vnet" + index, tables).text()).append('\n');
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("pf: " + e.getMessage() + " in rule " + rule, e);
      }
    }
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (name, content) ->
            text.append("table <").append(name).append('>').append(content).append('\n'));
    return text.append(rules).toString();
  }
}
