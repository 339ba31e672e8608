// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Translation;
import org.vnet4j.net.IpText;

/**
 * Converts a rule set to pf.conf(5). There the last matching rule wins, unless a rule is quick.
 * Each rule becomes one pf rule with counters of its own and its number as label. Lists of
 * addresses become tables, which pf can also negate. pf adds default states and flags to a rule
 * without them, so both are always explicit.
 *
 * <p>The rule number only determines the order. pf ignores the name of a state, and check-state has
 * no effect since pf checks states before all rules. A rule that pf cannot express is rejected.
 * {@code count} needs FreeBSD 14, where pf has {@code match}.
 */
public final class PfConf {
  private PfConf() {}

  /**
   * Returns the text for pfctl(8).
   *
   * @throws IllegalArgumentException for a rule that pf cannot express; the message has the rule
   *     and the reason
   */
  public static String of(RuleSet set) {
    return of(List.of(), set, List.of(), false);
  }

  /**
   * Returns the text for pfctl(8).
   *
   * @param within whether the text is for an anchor: it then has no default action and uses the
   *     tables of the main rules
   * @throws IllegalArgumentException for a rule that pf cannot express; the message has the rule
   *     and the reason
   */
  public static String of(PfRules all, boolean within) {
    return of(all.translations(), all.filter(), all.anchors(), within);
  }

  private static String of(
      List<Translation> translations, RuleSet set, List<String> anchors, boolean within) {
    Map<String, String> tables = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    int index = 0;
    for (Translation translation : translations) {
      lines.add(said(translation, translation(translation, "vnett" + ++index, tables)));
    }
    for (String anchor : anchors) {
      lines.add("nat-anchor \"" + anchor + "\"");
      lines.add("rdr-anchor \"" + anchor + "\"");
    }
    if (!within) {
      boolean allows = set.defaultAction() == Action.Plain.ALLOW;
      lines.add((allows ? "pass all no state" : "block drop all") + " label \"65535\"");
    }
    index = 0;
    for (NumberedRule rule : set.rules()) {
      index++;
      if (!(rule.rule().action() instanceof Action.CheckState)) {
        lines.add(said(rule, new PfRule(rule, "vnet" + index, tables)::text));
      }
    }
    anchors.forEach(anchor -> lines.add("anchor \"" + anchor + "\""));
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (name, content) -> {
          if (!within || !content.equals(PfRule.PERSIST)) {
            text.append("table <").append(name).append('>').append(content).append('\n');
          }
        });
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static Supplier<String> translation(
      Translation one, String tableName, Map<String, String> tables) {
    Rule rule = Rules.allow().proto(one.protocol()).from(one.source()).to(one.destination());
    PfRule match = new PfRule(new NumberedRule(1, rule), tableName, tables);
    String port = one.port() == 0 ? "" : " port " + one.port();
    return () ->
        "%s on %s%s -> %s%s"
            .formatted(one.kind(), one.iface(), match.match(), IpText.of(one.target()), port);
  }

  private static String said(Object rule, Supplier<String> text) {
    try {
      return text.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("pf: " + e.getMessage() + " in rule " + rule, e);
    }
  }
}
