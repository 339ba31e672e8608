// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.firewall.Rule;

/** Weighs what rules with states compile to. */
class NftStatesTest {
  private static final StoredRule LAST =
      new StoredRule(0, 65535, "31", Rule.parse("deny ip from any to any"));

  /** Returns the bytes of a batch that creates some rules of pf. */
  private static int bytes(int rules) {
    List<StoredRule> entries = new ArrayList<>();
    for (int i = 1; i <= rules; i++) {
      Rule rule = Rule.parse("allow tcp from any to any " + i + " in keep-state");
      entries.add(new StoredRule(i, i, "pf", rule));
    }
    NftProgram program = new NftProgram();
    NftLayout.lastMatch(program, "pf", entries, LAST, true);
    NftBatch batch = new NftBatch("vnet4j_pf");
    program.difference(new NftProgram(), batch);
    return batch.message().length;
  }

  @Test
  void a_rule_that_keeps_states_takes_less_than_ten_kilobytes() {
    assertThat(bytes(20) - bytes(10)).isBetween(10_000, 100_000);
    assertThat(bytes(1)).isLessThan(40_000);
  }
}
