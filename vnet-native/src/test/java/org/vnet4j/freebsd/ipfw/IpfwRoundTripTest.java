// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnet4j.contract.firewall.RandomRules;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.Rules;

class IpfwRoundTripTest {
  @ParameterizedTest
  @EnumSource
  void any_rule_comes_back_from_its_bytes(IpfwVersion version) {
    long seed = System.nanoTime();
    System.out.println("IpfwRoundTripTest seed " + seed);
    RandomRules random = new RandomRules(new SplittableRandom(seed));
    IpfwRuleCodec codec = new IpfwRuleCodec(version);
    for (int i = 0; i < 3_000; i++) {
      Rule rule = random.rule();
      IpfwRule read = codec.added(codec.add(1 + i, i % 32, rule));
      assertThat(read.neutral()).as("seed %d: %s, %s", seed, rule, read).contains(rule);
      assertThat(read.number()).isEqualTo(1 + i);
      assertThat(read.set()).isEqualTo(i % 32);
    }
  }

  @ParameterizedTest
  @EnumSource
  void damaged_instructions_give_a_rule_or_a_reason(IpfwVersion version) {
    long seed = System.nanoTime();
    System.out.println("IpfwRoundTripTest damage seed " + seed);
    SplittableRandom source = new SplittableRandom(seed);
    RandomRules random = new RandomRules(source);
    IpfwRuleCodec codec = new IpfwRuleCodec(version);
    for (int i = 0; i < 5_000; i++) {
      ByteBuffer request = codec.add(1, 0, random.rule());
      int header = IpfwAbi.OPHEADER_SIZE + IpfwAbi.CTLV_SIZE + IpfwAbi.RULE_CMD;
      for (int n = 1 + source.nextInt(3); n > 0; n--) {
        int at = header + source.nextInt(request.limit() - header);
        request.put(at, (byte) source.nextInt(256));
      }
      try {
        IpfwRule read = codec.added(request);
        assertThat(read.neutral().isPresent()).isEqualTo(read.unsupported().isEmpty());
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d", seed).hasMessageContaining("bytes");
      }
    }
  }

  @Test
  void a_quick_rule_is_sent_as_any_other() {
    IpfwRuleCodec codec = new IpfwRuleCodec(IpfwVersion.V1);
    assertThat(IpfwFacts.hex(codec.add(1, 0, Rules.deny().tcp().quick())))
        .isEqualTo(IpfwFacts.hex(codec.add(1, 0, Rules.deny().tcp())));
  }

  @Test
  void a_list_or_rule_that_is_too_long_is_refused() {
    IpfwRuleCodec codec = new IpfwRuleCodec(IpfwVersion.V1);
    int[] many = java.util.stream.IntStream.range(1, 100).toArray();
    Rule list = Rules.allow().tcp().to(Rules.any(), Rules.port(many));
    assertThatThrownBy(() -> codec.add(1, 0, list)).hasMessageContaining("in one list");
    int[] some = java.util.stream.IntStream.range(1, 60).toArray();
    Rule rule =
        Rules.allow().tcp().from(Rules.any(), Rules.port(some)).to(Rules.any(), Rules.port(some));
    for (int i = 0; i < 30; i++) {
      rule = rule.via("em" + i);
    }
    Rule all = rule;
    assertThatThrownBy(() -> codec.add(1, 0, all)).hasMessageContaining("rule too long");
  }
}
