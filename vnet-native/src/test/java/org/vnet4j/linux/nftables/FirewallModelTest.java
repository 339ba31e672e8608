// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Rule;

@DisplayName("The rules of a firewall on nf_tables")
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FirewallModelTest {

  @Test
  void many_rules_at_once_stand_where_they_would_stand_one_by_one() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Rule last = Rule.parse("allow ip from any to any");
    FirewallModel one = FirewallModel.fresh(true, last).add(3, "0", last).add(7, "0", last);
    FirewallModel all = one;
    List<NumberedRule> rules = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      NumberedRule rule =
          new NumberedRule(
              1 + random.nextInt(20), Rule.parse("deny tcp from 10.0.0." + i + " to any"));
      rules.add(rule);
      one = one.add(rule.number(), "0", rule.rule());
    }
    all = all.addAll(rules, "0");
    assertThat(texts(all)).as("seed %d", seed).isEqualTo(texts(one));
    assertThat(all.nextId()).isEqualTo(one.nextId());
  }

  private static List<String> texts(FirewallModel model) {
    return model.entries().stream()
        .map(entry -> entry.id() + " " + entry.number() + " " + entry.text())
        .toList();
  }
}
