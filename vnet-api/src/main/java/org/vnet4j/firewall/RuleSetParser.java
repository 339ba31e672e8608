// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.ArrayList;
import java.util.List;

/** Parses the lines of a rule file. */
final class RuleSetParser {
  // The kernel's counter of orphaned states as "ipfw list" prints it; not a rule.
  private static final String ORPHANS = "65535 count ip from any to any not // orphaned";

  private RuleSetParser() {}

  static RuleSet parse(String text) {
    List<NumberedRule> rules = new ArrayList<>();
    Action.Plain defaultAction = Action.Plain.DENY;
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = withoutComment(lines[i]);
      if (line.isBlank() || line.strip().startsWith(ORPHANS)) {
        continue;
      }
      try {
        Tokens words = new Tokens(line);
        words.skip("add");
        if (words.peek().endsWith("65535") && words.peek().matches("0*65535")) {
          defaultAction = defaultAction(words);
        } else {
          rules.add(rule(words, rules));
        }
      } catch (RuleSyntaxException e) {
        throw e.atLine(i + 1);
      }
    }
    return new RuleSet(rules, defaultAction);
  }

  private static NumberedRule rule(Tokens words, List<NumberedRule> before) {
    int number =
        words.startsWithDigit()
            ? words.next("rule number", NumberedRule::number)
            : RuleSet.nextNumber(before);
    return NumberedRule.rest(words, number);
  }

  private static Action.Plain defaultAction(Tokens words) {
    words.next("rule number");
    int start = words.mark();
    Rule rule = new RuleParser(words).rule();
    if (rule.equals(Rules.allow())) {
      return Action.Plain.ALLOW;
    }
    if (rule.equals(Rules.deny())) {
      return Action.Plain.DENY;
    }
    throw words.failureAt(start, "rule 65535 is \"allow ip from any to any\" or \"deny ...\"");
  }

  private static String withoutComment(String line) {
    // A rule's own comment may contain a hash.
    int hash = line.indexOf('#');
    int slashes = line.indexOf("//");
    return hash < 0 || slashes >= 0 && slashes < hash ? line : line.substring(0, hash);
  }
}
