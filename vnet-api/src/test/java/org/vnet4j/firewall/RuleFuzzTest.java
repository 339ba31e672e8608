// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/**
 * Parses arbitrary rules: each reads back as itself, or is refused with the position of the error.
 */
class RuleFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void a_rule_reads_back_as_itself(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Rule rule;
    try {
      rule = Rule.parse(text);
    } catch (RuleSyntaxException e) {
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isBetween(1, text.length() + 1);
      return;
    }
    assertThat(Rule.parse(rule.toString())).isEqualTo(rule);
  }

  @FuzzTest(maxDuration = "5m")
  void a_rule_set_reads_back_as_itself(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    RuleSet rules;
    try {
      rules = RuleSet.parse(text);
    } catch (RuleSyntaxException e) {
      assertThat(e.line()).isBetween(1, 1 + (int) text.chars().filter(c -> c == '\n').count());
      return;
    }
    assertThat(RuleSet.parse(rules.toString())).isEqualTo(rules);
  }
}
