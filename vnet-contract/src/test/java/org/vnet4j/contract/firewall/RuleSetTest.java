// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vnet4j.firewall.Rules.allow;
import static org.vnet4j.firewall.Rules.deny;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.RuleSyntaxException;

class RuleSetTest {
  @Test
  void a_rule_file_is_read_and_printed_as_ipfw_list_does() {
    RuleSet set =
        RuleSet.parse(
            """
            # the way in
            add 200 allow tcp from any to me 22 setup keep-state   # ssh
              add 100 check-state

            add deny log ip from any to any // the rest
            65535 allow ip from any to any
            """);
    assertThat(set)
        .hasToString(
            """
            00100 check-state :default
            00200 allow tcp from any to me 22 setup keep-state :default
            00300 deny log ip from any to any // the rest
            65535 allow ip from any to any
            """);
    assertThat(RuleSet.parse(set.toString())).isEqualTo(set);
  }

  @Test
  void what_the_kernel_lists_is_read_without_its_own_counter() {
    String listed =
        "65535 count ip from any to any not // orphaned dynamic states counter\n"
            + "65535 allow ip from any to any\n";
    assertThat(RuleSet.parse(listed)).isEqualTo(RuleSet.allowing());
  }

  @Test
  void rules_of_one_number_keep_their_order() {
    RuleSet set = RuleSet.denying().add(20, allow()).add(10, deny()).add(20, allow().tcp());
    assertThat(set.rules())
        .extracting(NumberedRule::toString)
        .containsExactly(
            "00010 deny ip from any to any",
            "00020 allow ip from any to any",
            "00020 allow tcp from any to any");
  }

  @Test
  void the_next_number_is_a_hundred_more_while_there_is_room() {
    assertThat(RuleSet.denying().add(allow()).add(allow()).rules())
        .extracting(NumberedRule::number)
        .containsExactly(100, 200);
    assertThat(RuleSet.denying().add(65500, allow()).add(deny()).rules())
        .extracting(NumberedRule::number)
        .containsExactly(65500, 65500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "add 0 allow ip from any to any | 5 | 0 | rule number 0 is not in 1..65534",
        "add 65536 allow ip from any to any | 5 | 65536 | rule number 65536 is not in 1..65534",
        "65535 deny tcp from any to any | 7 | deny | rule 65535 is",
        "add 100 allow tcp from any to any 65536 | 35 | 65536 | 65536 is not in 0..65535",
        "add 100 skipto 100 ip from any to any | 9 | skipto | goes back",
        "add 100 | 8 | '' | missing action",
      })
  void an_error_gives_line_and_column(String line, int column, String word, String reason) {
    assertThatThrownBy(() -> RuleSet.parse("# first\nadd 5 allow ip from any to any\n" + line))
        .isInstanceOfSatisfying(
            RuleSyntaxException.class,
            e -> {
              assertThat(e.line()).isEqualTo(3);
              assertThat(e.column()).isEqualTo(column);
              assertThat(e.word()).isEqualTo(word);
              assertThat(e).hasMessageContaining(reason).hasMessageStartingWith("line 3, column ");
            });
  }

  @Test
  void a_single_rule_is_read_with_its_number() {
    assertThat(NumberedRule.parse("add 00100 deny ip from any to any"))
        .isEqualTo(new NumberedRule(100, deny()));
    assertThatThrownBy(() -> NumberedRule.parse("deny ip from any to any"))
        .hasMessageContaining("not a rule number");
    assertThatThrownBy(() -> new NumberedRule(0, deny())).hasMessageContaining("rule number 0");
  }

  @Test
  void any_rule_set_is_read_back_from_what_it_prints() {
    long seed = System.nanoTime();
    System.out.println("RuleSetTest seed " + seed);
    RandomRules random = new RandomRules(new SplittableRandom(seed));
    for (int i = 0; i < 300; i++) {
      RuleSet set = random.ruleSet(i % 12);
      assertThat(RuleSet.parse(set.toString())).as("seed %d", seed).isEqualTo(set);
    }
  }
}
