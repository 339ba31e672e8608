// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSyntaxException;

/**
 * Compares the codec with the recorded requests of ipfw(8) 13.2 (version 0) and 15.1 (version 1).
 */
class IpfwVectorsTest {
  /** Rules that a neutral rule cannot express, with the reason. */
  private static final Map<Integer, String> NOT_NEUTRAL =
      Map.ofEntries(
          Map.entry(570, "layer2: looks below IP"),
          Map.entry(580, "mac: looks below IP"),
          Map.entry(590, "uid: needs the system's users and the socket of the packet"),
          Map.entry(600, "jail: ipfw(8) itself refused it, there was no such jail"),
          Map.entry(620, "antispoof: needs the stack's interfaces and their networks"),
          Map.entry(650, "fwd: changes where the packet goes"),
          Map.entry(670, "tee: gives a copy to a program's socket"),
          Map.entry(830, "nat: changes addresses; pf and ipnat have rules of another kind for it"),
          Map.entry(840, "reass: puts fragments together, and decides nothing"),
          Map.entry(850, "prob: chance, which no evaluator can foretell"),
          Map.entry(860, "tag as an action: ipfw(8) itself refused it, there is no such action"),
          Map.entry(880, "setfib: changes which routing table the packet uses"));

  /**
   * A rule with ports typed as options. ipfw(8) marks such a rule as one without ports, a hint for
   * its compact listing, yet lists it with the ports in their usual place. Parsed from there, the
   * rule lacks the mark.
   */
  private static final int PORTS_AS_OPTIONS = 820;

  static Stream<Arguments> expressible() {
    return IpfwFacts.lines("ipfw-vectors.jsonl").stream()
        .filter(vector -> !NOT_NEUTRAL.containsKey(number(vector)))
        .flatMap(
            vector ->
                Stream.of(IpfwVersion.values())
                    .map(version -> Arguments.of(version, vector.get("rule").asText(), vector)));
  }

  /** Bytes of a request that the recording on 15.1 has; one rule is longer. */
  private static final int KEPT = 256;

  private static int number(JsonNode vector) {
    return Integer.parseInt(vector.get("rule").asText().split(" ")[0]);
  }

  private static ByteBuffer sent(JsonNode vector, IpfwVersion version) {
    return IpfwFacts.bytes(vector.get(version == IpfwVersion.V0 ? "v0" : "v1").asText());
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("expressible")
  void a_rule_is_sent_as_ipfw_sends_it(IpfwVersion version, String typed, JsonNode vector) {
    NumberedRule rule = NumberedRule.parse(typed);
    ByteBuffer expected = sent(vector, version);
    if (rule.number() == PORTS_AS_OPTIONS) {
      int flags = IpfwAbi.OPHEADER_SIZE + IpfwAbi.CTLV_SIZE + IpfwAbi.RULE_FLAGS;
      assertThat(expected.get(flags)).isEqualTo((byte) IpfwAbi.IPFW_RULE_NOOPT);
      expected.put(flags, (byte) 0);
    }
    ByteBuffer request = new IpfwRuleCodec(version).add(rule.number(), 0, rule.rule());
    if (version == IpfwVersion.V1 && expected.limit() == KEPT) {
      request.limit(KEPT);
    }
    assertThat(IpfwFacts.hex(request)).isEqualTo(IpfwFacts.hex(expected));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("expressible")
  void what_ipfw_sent_is_read_and_printed_as_ipfw_lists_it(
      IpfwVersion version, String typed, JsonNode vector) {
    ByteBuffer sent = sent(vector, version);
    if (version == IpfwVersion.V1 && sent.limit() == KEPT) {
      // IpfwCommandsTest reads the whole rule, from the kernel's list.
      assertThatThrownBy(() -> new IpfwRuleCodec(version).added(sent)).hasMessageContaining("part");
      return;
    }
    IpfwRule rule = new IpfwRuleCodec(version).added(sent);
    assertThat(rule).hasToString(vector.get("shown").asText());
    assertThat(rule.neutral()).contains(NumberedRule.parse(typed).rule());
  }

  @ParameterizedTest
  @EnumSource
  void what_a_neutral_rule_cannot_say_is_refused_both_ways(IpfwVersion version) {
    Set<Integer> seen = new TreeSet<>();
    for (JsonNode vector : IpfwFacts.lines("ipfw-vectors.jsonl")) {
      if (!NOT_NEUTRAL.containsKey(number(vector))) {
        continue;
      }
      seen.add(number(vector));
      String typed = vector.get("rule").asText();
      assertThatThrownBy(() -> NumberedRule.parse(typed)).isInstanceOf(RuleSyntaxException.class);
      if (vector.has("rejected")) {
        continue;
      }
      IpfwRule rule = new IpfwRuleCodec(version).added(sent(vector, version));
      assertThat(rule.neutral()).as(typed).isEmpty();
      assertThat(rule.unsupported()).as(typed).isNotEmpty();
      assertThat(rule.number()).isEqualTo(number(vector));
    }
    assertThat(seen).isEqualTo(new TreeSet<>(NOT_NEUTRAL.keySet()));
  }

  @Test
  void there_are_enough_vectors_and_few_exceptions() {
    int vectors = IpfwFacts.lines("ipfw-vectors.jsonl").size();
    assertThat(vectors).isEqualTo(65);
    assertThat(NOT_NEUTRAL).hasSize(12);
  }
}
