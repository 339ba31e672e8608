// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.RuleSyntaxException;

/**
 * Parses arbitrary text in place of the output of pfctl(8), ipf(8) and ipfstat(8), and checks the
 * files written for them.
 */
class FilterTextFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void listings_of_pf_are_read_and_what_is_none_is_left_out(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    listed(PfListing.rules(text), text);
    states(PfListing.states(text), text);
    PfListing.lines(text).forEach(line -> assertThat(line).isNotBlank());
    refusal(PfListing.error(text, text), text);
  }

  @FuzzTest(maxDuration = "5m")
  void listings_of_ipfilter_are_read_and_what_is_none_is_left_out(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    listed(IpfListing.rules(text), text);
    states(IpfListing.states(text), text);
    IpfListing.error(text, text).ifPresent(error -> refusal(error, text));
  }

  private static void listed(List<ListedRule> rules, String text) {
    assertThat(rules).hasSizeLessThanOrEqualTo((int) text.lines().count());
    for (ListedRule rule : rules) {
      assertThat(rule.number()).isBetween(0, 99_999);
      assertThat(rule.packets()).isNotNegative();
      assertThat(rule.words()).doesNotContain("\n", "\r");
    }
  }

  private static void states(List<FirewallState> states, String text) {
    assertThat(states).hasSizeLessThanOrEqualTo((int) text.lines().count());
    for (FirewallState state : states) {
      assertThat(state.protocol()).isBetween(0, 255);
      assertThat(state.sourcePort()).isBetween(0, 65535);
      assertThat(state.destinationPort()).isBetween(0, 65535);
      assertThat(state.toString()).isNotBlank();
    }
  }

  private static void refusal(RuleSyntaxException error, String text) {
    assertThat(error.line()).isPositive();
    assertThat(error.column()).isPositive();
    assertThat(error.getMessage()).contains("says: ");
  }

  /** A rule with arbitrary content must become a well-formed line, or be refused. */
  @FuzzTest(maxDuration = "5m")
  void rules_become_lines_of_pf_and_ipf_or_are_refused(byte[] bytes) {
    RuleSet rules;
    try {
      rules = RuleSet.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (RuleSyntaxException e) {
      return;
    }
    try {
      String text = PfConf.of(rules);
      text.lines()
          .forEach(line -> assertThat(line).matches("(pass|block|match|table <\\w+>)( .*)?"));
      assertThat(text).endsWith("\n").matches("[\\x20-\\x7e\\n]*");
      assertThat(text.lines().filter(line -> !line.startsWith("table ")).count())
          .isLessThanOrEqualTo(rules.rules().size() + 1);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("pf: ");
    }
    try {
      String text = IpfConf.of(rules);
      text.lines()
          .forEach(
              line ->
                  assertThat(line).matches("(pass|block|count|log|skip).* set-tag\\(log=\\d+\\)"));
      assertThat(text).endsWith("\n").matches("[\\x20-\\x7e\\n]*");
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("ipf: ");
    }
  }
}
