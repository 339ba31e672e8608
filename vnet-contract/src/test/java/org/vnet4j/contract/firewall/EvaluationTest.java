// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Decision;
import org.vnet4j.firewall.Evaluation;
import org.vnet4j.firewall.MatchOrder;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Packet;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;

class EvaluationTest {
  private static final Packet SSH =
      Packet.tcp("192.0.2.1", 1025, "192.0.2.2", 22).receivedOn("em0");
  private static final Packet SSH_ANSWER =
      Packet.tcp("192.0.2.2", 22, "192.0.2.1", 1025).flags("syn,ack").sentOn("em0");

  private static Evaluation first(String rules) {
    return new Evaluation(RuleSet.parse(rules), MatchOrder.FIRST);
  }

  private static Evaluation last(String rules) {
    return new Evaluation(RuleSet.parse(rules), MatchOrder.LAST);
  }

  @Test
  void the_same_rules_decide_differently_in_first_and_last_match() {
    String rules = "100 deny tcp from any to any 22\n200 allow ip from any to any\n";
    assertThat(first(rules).decide(SSH))
        .hasToString("dropped by 00100 deny tcp from any to any 22");
    assertThat(last(rules).decide(SSH)).hasToString("passed by 00200 allow ip from any to any");
    assertThat(last(rules.replace("deny", "deny quick")).decide(SSH))
        .hasToString("dropped by 00100 deny quick tcp from any to any 22");
  }

  @Test
  void count_decides_nothing_and_skipto_goes_on_below() {
    String rules =
        """
        100 count ip from any to any
        200 skipto 400 tcp from any to any
        300 deny ip from any to any
        500 allow ip from any to any
        """;
    assertThat(first(rules).decide(SSH).rule()).map(NumberedRule::number).contains(500);
    Packet udp = Packet.udp("192.0.2.1", 9, "192.0.2.2", 9).receivedOn("em0");
    assertThat(first(rules).decide(udp).rule()).map(NumberedRule::number).contains(300);
    assertThat(first("10 skipto 20 ip from any to any\n").decide(udp))
        .hasToString("dropped by default");
    assertThatThrownBy(() -> last(rules)).hasMessageContaining("no skipto in last match");
  }

  @Test
  void a_kept_state_lets_the_answer_through_where_states_are_looked_up() {
    Evaluation evaluation =
        first("100 check-state\n200 allow tcp from any to any 22 in setup keep-state\n");
    assertThat(evaluation.decide(SSH_ANSWER).passes()).isFalse();
    assertThat(evaluation.decide(SSH).byState()).isFalse();
    Decision answer = evaluation.decide(SSH_ANSWER);
    assertThat(answer.passes()).isTrue();
    assertThat(answer.byState()).isTrue();
    assertThat(answer.rule()).map(NumberedRule::number).contains(200);
    assertThat(evaluation.forgetStates().decide(SSH_ANSWER).passes()).isFalse();
  }

  @Test
  void a_rule_above_the_check_is_asked_before_the_state() {
    String rules =
        """
        100 deny ip from any to any out
        200 check-state
        300 allow tcp from any to any 22 keep-state
        """;
    Evaluation ipfw = first(rules);
    ipfw.decide(SSH);
    assertThat(ipfw.decide(SSH_ANSWER).rule()).map(NumberedRule::number).contains(100);
    Evaluation pf = last(rules);
    pf.decide(SSH);
    assertThat(pf.decide(SSH_ANSWER).rule()).map(NumberedRule::number).contains(300);
  }

  @Test
  void check_state_looks_at_its_own_name_only() {
    String rules = "100 check-state :%s\n200 allow tcp from any to any 22 keep-state :flow\n";
    for (String name : List.of("flow", "any")) {
      Evaluation evaluation = first(rules.formatted(name));
      evaluation.decide(SSH);
      assertThat(evaluation.decide(SSH_ANSWER).passes()).as(name).isTrue();
    }
    // keep-state searches the states before its own conditions, so another name needs another
    // packet.
    Evaluation other = first(rules.formatted("other"));
    other.decide(SSH);
    assertThat(other.decide(SSH_ANSWER).byState()).isTrue();
    Evaluation without =
        first(
            "100 check-state :other\n200 deny ip from any to any out\n"
                + "300 allow tcp from any to any 22 keep-state :flow\n");
    without.decide(SSH);
    assertThat(without.decide(SSH_ANSWER).rule()).map(NumberedRule::number).contains(200);
  }

  @Test
  void a_state_of_a_denying_rule_denies() {
    Evaluation evaluation =
        first("100 deny tcp from any to any 22 keep-state\n65535 allow ip from any to any");
    evaluation.decide(SSH);
    assertThat(evaluation.decide(SSH_ANSWER))
        .hasToString(
            "dropped by 00100 deny tcp from any to any 22 keep-state :default, through a state");
  }

  @Test
  void a_state_of_a_counting_rule_goes_on_below_it() {
    Evaluation evaluation =
        first("100 count tcp from any to any 22 keep-state\n200 allow tcp from any to any 22 in\n");
    assertThat(evaluation.decide(SSH).passes()).isTrue();
    Decision answer = evaluation.decide(SSH_ANSWER);
    assertThat(answer.passes()).isFalse();
    assertThat(answer.rule()).isEmpty();
    assertThat(evaluation.decide(SSH).rule()).map(NumberedRule::number).contains(200);
  }

  @Test
  void a_limit_counts_connections_by_its_keys() {
    Evaluation evaluation = first("100 allow tcp from any to any 22 limit src-addr 2\n");
    for (int port = 1; port <= 2; port++) {
      assertThat(
              evaluation
                  .decide(Packet.tcp("192.0.2.1", port, "192.0.2.2", 22).receivedOn("em0"))
                  .passes())
          .isTrue();
    }
    Decision third =
        evaluation.decide(Packet.tcp("192.0.2.1", 3, "192.0.2.2", 22).receivedOn("em0"));
    assertThat(third.passes()).isFalse();
    assertThat(third.overLimit()).isTrue();
    assertThat(
            evaluation
                .decide(Packet.tcp("192.0.2.9", 3, "192.0.2.2", 22).receivedOn("em0"))
                .passes())
        .isTrue();
    assertThat(
            evaluation
                .decide(Packet.tcp("192.0.2.1", 2, "192.0.2.2", 22).receivedOn("em0"))
                .byState())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reset tcp from any to any | reset",
        "unreach port ip from any to any | unreach port",
        "reject ip from any to any | reject",
        "reset6 ip from any to any | ",
        "unreach6 port ip from any to any | ",
        "deny ip from any to any | ",
      })
  void the_answer_to_ipv4_is_what_the_kernel_sends(String rule, String answer) {
    assertThat(first("1 " + rule).decide(SSH).answer().map(Object::toString).orElse(null))
        .isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reset ip from any to any | unreach6 admin-prohib",
        "reset6 ip from any to any | ",
        "reject ip from any to any | unreach6 no-route",
        "unreach port ip from any to any | unreach6 port",
        "unreach filter-prohib ip from any to any | unreach6 admin-prohib",
        "unreach6 address ip from any to any | unreach6 address",
      })
  void the_answer_to_ipv6_is_in_its_own_words(String rule, String answer) {
    Packet udp = Packet.udp("2001:db8::1", 9, "2001:db8::2", 53).receivedOn("em0");
    assertThat(first("1 " + rule).decide(udp).answer().map(Object::toString).orElse(null))
        .isEqualTo(answer);
  }

  @Test
  void errors_multicasts_and_fragments_are_not_answered() {
    Evaluation evaluation = first("1 reject ip from any to any");
    assertThat(
            evaluation.decide(Packet.icmp("192.0.2.1", "192.0.2.2", 3).receivedOn("em0")).answer())
        .isEmpty();
    assertThat(
            evaluation.decide(Packet.icmp("192.0.2.1", "192.0.2.2", 8).receivedOn("em0")).answer())
        .isPresent();
    assertThat(
            evaluation
                .decide(Packet.udp("192.0.2.1", 1, "224.0.0.5", 2).receivedOn("em0"))
                .answer())
        .isEmpty();
    Packet rest = Packet.udp("192.0.2.1", 1, "192.0.2.2", 2).fragment("offset").receivedOn("em0");
    assertThat(evaluation.decide(rest).answer()).isEmpty();
    Packet reset = Packet.tcp("192.0.2.1", 1, "192.0.2.2", 2).flags("rst").receivedOn("em0");
    assertThat(first("1 reset tcp from any to any").decide(reset).answer()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp from any to any 22 | true",
        "tcp from any to any not 22 | false",
        "udp from any to any | false",
        "not udp from any to any | true",
        "{ udp or tcp } from any to any | true",
        "6 from any to any | true",
        "ip4 from any to any | true",
        "not ip4 from any to any | false",
        "ip6 from any to any | false",
        "ip from me to any | false",
        "ip from any to me | true",
        "ip from any to me6 | false",
        "ip from any to not me6 | true",
        "ip from not 2001:db8::1 to any | true",
        "ip from not 192.0.2.0/24 to any | false",
        "ip from 198.51.100.1,192.0.2.0/29 to any | true",
        "ip from { 198.51.100.1 or not 198.51.100.2 } to any | true",
        "ip from 192.0.2.0/24{2,3} to 192.0.2.0/24{2,3} | false",
        "ip from any to 192.0.2.0/24{2,3} | true",
        "ip from table(friends) to any | true",
        "ip from table(strangers) to any | false",
        "ip from any 1024-65535 to any | true",
        "ip from any to any in | true",
        "ip from any to any out | false",
        "ip from any to any recv em0 | true",
        "ip from any to any xmit em0 | false",
        "ip from any to any not xmit em0 | true",
        "ip from any to any via em* | true",
        "ip from any to any via e?[0-3] | true",
        "ip from any to any via e?[!0-3] | false",
        "ip from any to any setup | true",
        "ip from any to any established | false",
        "ip from any to any not established | true",
        "ip from any to any tcpflags syn,!fin,!ack | true",
        "ip from any to any tcpflags syn,ack | false",
        "ip from any to any frag | false",
        "ip from any to any frag df | true",
        "ip from any to any icmptypes 8 | false",
        "ip from any to any not icmptypes 8 | true",
        "ip from any to any iplen 40-1500 | true",
        "ip from any to any iplen 41-1500 | false",
        "ip from any to any ipttl 64 | true",
        "ip from any to any ipid 7,8 | true",
        "ip from any to any ipver 4 | true",
        "ip from any to any iptos lowdelay,!mincost | true",
        "ip from any to any tcpwin 65535 | true",
        "ip from any to any tcpdatalen 0 | true",
      })
  void a_condition_matches_as_in_the_kernel(String body, boolean matches) {
    Evaluation evaluation =
        first("1 allow " + body)
            .me(List.of(IpLiteral.parse("192.0.2.2"), IpLiteral.parse("2001:db8::2")))
            .table("friends", List.of(Cidr.parse("192.0.2.0/30")));
    Packet packet =
        Packet.tcp("192.0.2.1", 1025, "192.0.2.2", 22)
            .fragment("df")
            .id(8)
            .tos(16)
            .receivedOn("em0");
    assertThat(evaluation.decide(packet).passes()).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip from any to me6 | true",
        "ip from any to me | true",
        "ip from not 192.0.2.1 to any | true",
        "ip from 192.0.2.1 to any | false",
        "udp from any to any 53 | false",
        "udp from any to any | true",
        "ip from any to any frag | true",
        "ip from any to any ipttl 64 | false",
        "ip from any to any not ipttl 64 | true",
        "ip from any to any iptos !lowdelay | false",
        "ip from any to any xmit em1 recv em0 | true",
        "ip from any to any via em0 | false",
      })
  void a_forwarded_ipv6_fragment_has_no_ports(String body, boolean matches) {
    Evaluation evaluation = first("1 allow " + body).me(List.of(IpLiteral.parse("2001:db8::2")));
    Packet packet =
        Packet.udp("2001:db8::1", 9, "2001:db8::2", 53).fragment("offset").forwarded("em0", "em1");
    assertThat(evaluation.decide(packet).passes()).isEqualTo(matches);
  }

  @Test
  void quick_everywhere_makes_last_match_first_match_without_states() {
    long seed = System.nanoTime();
    System.out.println("EvaluationTest seed " + seed);
    RandomRules random = new RandomRules(new SplittableRandom(seed));
    int decided = 0;
    for (int i = 0; i < 3_000; i++) {
      RuleSet set = RuleSet.denying();
      for (NumberedRule rule : random.ruleSet(6).rules()) {
        if (rule.rule().state().isEmpty() && !(rule.rule().action() instanceof Action.CheckState)) {
          set = set.add(rule.number(), rule.rule().quick());
        }
      }
      Packet packet = random.packet();
      Decision first = new Evaluation(set, MatchOrder.FIRST).decide(packet);
      Decision last = new Evaluation(set, MatchOrder.LAST).decide(packet);
      assertThat(last).as("seed %d: %s%n%s", seed, packet, set).hasToString(first.toString());
      decided += first.rule().isPresent() ? 1 : 0;
    }
    assertThat(decided).as("packets that met a rule, seed %d", seed).isGreaterThan(300);
  }

  @Test
  void a_packet_says_what_it_is_and_is_checked() {
    assertThat(SSH_ANSWER).hasToString("out via em0: tcp 192.0.2.2,22 -> 192.0.2.1,1025 syn,ack");
    assertThat(Packet.icmp("2001:db8::1", "2001:db8::2", 128).receivedOn("em0"))
        .hasToString("in via em0: ipv6-icmp 2001:db8::1 -> 2001:db8::2 type 128");
    assertThatThrownBy(() -> Packet.udp("192.0.2.1", 1, "2001:db8::2", 2).receivedOn("em0"))
        .hasMessageContaining("IPv4 and IPv6 in one packet");
    assertThatThrownBy(() -> Packet.udp("192.0.2.1", 1, "192.0.2.2", 2).sentOn(""))
        .hasMessageContaining("has an interface it goes out by");
  }
}
