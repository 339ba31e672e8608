// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vnet4j.firewall.Rules.allow;
import static org.vnet4j.firewall.Rules.any;
import static org.vnet4j.firewall.Rules.anyOf;
import static org.vnet4j.firewall.Rules.checkState;
import static org.vnet4j.firewall.Rules.count;
import static org.vnet4j.firewall.Rules.deny;
import static org.vnet4j.firewall.Rules.me;
import static org.vnet4j.firewall.Rules.me6;
import static org.vnet4j.firewall.Rules.net;
import static org.vnet4j.firewall.Rules.not;
import static org.vnet4j.firewall.Rules.port;
import static org.vnet4j.firewall.Rules.portRange;
import static org.vnet4j.firewall.Rules.ports;
import static org.vnet4j.firewall.Rules.reject;
import static org.vnet4j.firewall.Rules.reset;
import static org.vnet4j.firewall.Rules.reset6;
import static org.vnet4j.firewall.Rules.skipTo;
import static org.vnet4j.firewall.Rules.table;
import static org.vnet4j.firewall.Rules.unreach;
import static org.vnet4j.firewall.Rules.unreach6;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnet4j.firewall.Condition;
import org.vnet4j.firewall.Protocol;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.firewall.State;

class RuleTest {
  static Stream<Arguments> built() {
    return Stream.of(
        Arguments.of(deny().ip().from(any()).to(any()), "deny ip from any to any"),
        Arguments.of(
            allow().tcp().from(any()).to(me(), port(22)).setup().keepState(),
            "allow tcp from any to me 22 setup keep-state :default"),
        Arguments.of(
            allow().udp().from(net("192.0.2.0/24")).to(net("198.51.100.7")).outbound(),
            "allow udp from 192.0.2.0/24 to 198.51.100.7 out"),
        Arguments.of(
            reset()
                .tcp()
                .from(any(), portRange(1024, 65535))
                .to(any(), ports("80,443"))
                .inbound()
                .recv("em0"),
            "reset tcp from any 1024-65535 to any 80,443 in recv em0"),
        Arguments.of(
            deny().log(100).ip().from(not(net("192.0.2.9/24"))).to(me6()),
            "deny log logamount 100 ip from not 192.0.2.0/24 to me6"),
        Arguments.of(
            allow()
                .from(anyOf(net("192.0.2.1", "192.0.2.5"), not(table("bad"))))
                .to(any())
                .xmit("em*"),
            "allow ip from { 192.0.2.1,192.0.2.5 or not table(bad) } to any xmit em*"),
        Arguments.of(count().icmp().icmpTypes(8, 0), "count icmp from any to any icmptypes 0,8"),
        Arguments.of(
            allow().icmp6().icmp6Types(128, 129),
            "allow ipv6-icmp from any to any icmp6types 128,129"),
        Arguments.of(reject().tcp().to(any(), not(port(25))), "reject tcp from any to any not 25"),
        Arguments.of(unreach("port").udp(), "unreach port udp from any to any"),
        Arguments.of(unreach("1"), "reject ip from any to any"),
        Arguments.of(unreach6("admin-prohib").ip6(), "unreach6 admin-prohib ip6 from any to any"),
        Arguments.of(reset6().tcp(), "reset6 tcp from any to any"),
        Arguments.of(skipTo(5000).ip4(), "skipto 5000 ip4 from any to any"),
        Arguments.of(checkState(), "check-state :default"),
        Arguments.of(checkState("any").comment("all of them"), "check-state :any // all of them"),
        Arguments.of(
            allow().tcp().limit(10, State.Key.SRC_ADDR, State.Key.DST_PORT),
            "allow tcp from any to any limit src-addr dst-port 10 :default"),
        Arguments.of(
            allow().limit(2, State.Key.values()), "allow ip from any to any limit all 2 :default"),
        Arguments.of(
            allow().proto(Protocol.TCP, Protocol.UDP).to(any(), port(53)).keepState("dns"),
            "allow { tcp or udp } from any to any 53 keep-state :dns"),
        Arguments.of(
            deny().notProto(Protocol.IP6).frag(), "deny not ip6 from any to any frag offset"),
        Arguments.of(
            allow().tcp().established().via("lo0").tcpFlags("!rst,ack"),
            "allow tcp from any to any established via lo0 tcpflags ack,!rst"),
        Arguments.of(
            deny().quick().log().from(net("2001:db8::/32")).notMatching(Condition.Direction.IN),
            "deny quick log ip from 2001:db8::/32 to any out"));
  }

  @ParameterizedTest
  @MethodSource("built")
  void a_built_rule_prints_ipfws_words_and_is_read_back(Rule rule, String text) {
    assertThat(rule).hasToString(text);
    assertThat(Rule.parse(text)).isEqualTo(rule).hasSameHashCodeAs(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pass all from any to any | allow ip from any to any",
        "drop ipv6 from any to any | deny ip6 from any to any",
        "permit icmp6 from any to any | allow ipv6-icmp from any to any",
        "allow 47 from any to any | allow gre from any to any",
        "allow 41 from any to any | allow 41 from any to any",
        "allow tcp from any to any dst-port 80, 443 | allow tcp from any to any 80,443",
        "allow tcp from any any to any any out | allow tcp from any to any out",
        "allow ip from 192.0.2.9:255.255.255.0 to any | allow ip from 192.0.2.0/24 to any",
        "allow ip from 192.0.2.0{1,2,3} to any | allow ip from 192.0.2.0/24{1-3} to any",
        "allow ip from ( 192.0.2.1 or me ) to any | allow ip from { 192.0.2.1 or me } to any",
        "deny ip from any to any frag not in | deny ip from any to any frag offset out",
        "deny ip from any to any frag df,!mf | deny ip from any to any frag df,!mf",
        "deny ip from any to any tcpflags syn,!ack | deny ip from any to any setup",
        "allow tcp from any to any limit src-addr,dst-addr 3 | allow tcp from any to any limit"
            + " src-addr dst-addr 3 :default",
        "allow ip from any to any ipversion 6 | allow ip from any to any ipver 6",
        "allow tcp from any to any not 22 not established | allow tcp from any to any not 22 not"
            + " established",
        "allow ip from any to any // a   b | allow ip from any to any // a b",
        "check-state // here | check-state :default // here",
      })
  void what_people_type_is_read(String typed, String shown) {
    assertThat(Rule.parse(typed)).hasToString(shown);
    assertThat(Rule.parse(shown)).isEqualTo(Rule.parse(typed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alow ip from any to any | 1 | alow | not an action",
        "allow ipx from any to any | 7 | ipx | not a protocol",
        "allow tcp form any to any | 11 | form | missing \"from\"",
        "allow tcp from any to | 22 | '' | missing address",
        "allow tcp from any to any 70000 | 27 | 70000 | 70000 is not in 0..65535",
        "allow tcp from any to any 22-x | 27 | 22-x | \"x\" is not a number",
        "allow tcp from any to any 90-80 | 27 | 90-80 | ends before it begins",
        "allow ip4 from 2001:db8::1 to any | 16 | 2001:db8::1 | is IPv6, but ip4 is IPv4",
        "allow icmp from any to 2001:db8::1 | 24 | 2001:db8::1 | is IPv6, but icmp is IPv4",
        "allow ip6 from any to 192.0.2.1 | 23 | 192.0.2.1 | is IPv4, but ip6 is IPv6",
        "allow ip from 192.0.2.1 to 2001:db8::1 | 28 | 2001:db8::1 | but destination",
        "allow icmp from any to any 22 | 24 | any | destination ports, but icmp has none",
        "allow ip from 192.0.2.0/33 to any | 15 | 192.0.2.0/33 | prefix length 33",
        "allow ip from 0.0.0.0/0 to any | 15 | 0.0.0.0/0 | write \"any\"",
        "allow ip from 192.0.2.0:255.0.255.0 to any | 15 | 192.0.2.0:255.0.255.0 | not contiguous",
        "allow ip from 192.0.2.0/24{300} to any | 15 | 192.0.2.0/24{300} | 300 is not in 0..255",
        "allow ip from example.org to any | 15 | example.org | not an IPv4 or IPv6 address",
        "allow ip from not any to any | 19 | any | never matches",
        "allow ip from { any or me } to any | 15 | { | among other",
        "allow ip from { me or me6 to any | 27 | to | missing }",
        "allow ip from any to any sometimes | 26 | sometimes | not an option known here",
        "allow ip from any to any tcpflags syn,fun | 35 | syn,fun | no such flag",
        "allow ip from any to any tcpflags syn,!syn | 35 | syn,!syn | both set and clear",
        "allow ip from any to any icmptypes 32 | 36 | 32 | not in 0..31",
        "allow ip from any to any via abcdefghijklmnop | 30 | abcdefghijklmnop | 1 to 15"
            + " characters",
        "allow ip from any to any keep-state :any | 37 | :any | cannot be named",
        "allow ip from any to any keep-state limit src-addr 2 | 37 | limit | only one of",
        "allow ip from any to any limit 2 | 32 | 2 | missing src-addr",
        "allow ip from any to any limit src-addr 0 | 41 | 0 | not in 1..65534",
        "allow ip from any to any not keep-state | 26 | not | cannot be negated",
        "allow ip from any to any { in or out } | 26 | { | write two rules",
        "allow tcp from any to any 22 dst-port 23 | 30 | dst-port | given twice",
        "skipto 65535 ip from any to any | 8 | 65535 | not in 1..65534",
        "unreach nowhere ip from any to any | 9 | nowhere | no such unreach code",
        "deny log logamount x ip from any to any | 20 | x | not a number of packets",
        "check-state ip from any to any | 13 | ip | nothing else",
      })
  void an_error_gives_column_word_and_reason(String text, int column, String word, String reason) {
    assertThatThrownBy(() -> Rule.parse(text))
        .isInstanceOfSatisfying(
            RuleSyntaxException.class,
            e -> {
              assertThat(e.column()).isEqualTo(column);
              assertThat(e.word()).isEqualTo(word);
              assertThat(e).hasMessageContaining(reason).hasMessageStartingWith("line 1, column ");
            });
  }

  @Test
  void a_contradiction_is_refused_at_the_step_that_says_it() {
    Rule v6 = deny().from(net("2001:db8::1"));
    assertThatThrownBy(v6::ip4).hasMessageContaining("IPv6, but ip4 is IPv4");
    assertThatThrownBy(() -> v6.to(net("192.0.2.1"))).hasMessageContaining("destination");
    assertThatThrownBy(() -> port(65536)).hasMessageContaining("65536 is not in 0..65535");
    assertThatThrownBy(() -> net("192.0.2.1", "2001:db8::1")).hasMessageContaining("in one list");
    assertThatThrownBy(() -> checkState().tcp()).hasMessageContaining("nothing else");
    assertThatThrownBy(() -> deny().keepState().keepState()).hasMessageContaining("only one");
    assertThatThrownBy(() -> deny().comment("two\nlines")).hasMessageContaining("printable");
    assertThatThrownBy(() -> deny().comment("x".repeat(81))).hasMessageContaining("at most 80");
  }

  @Test
  void a_rule_does_not_change() {
    Rule rule = allow().tcp();
    Rule longer = rule.inbound().setup();
    assertThat(rule).hasToString("allow tcp from any to any");
    assertThat(longer.options()).hasSize(2);
    assertThatThrownBy(() -> longer.options().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void any_rule_is_read_back_from_what_it_prints() {
    long seed = System.nanoTime();
    System.out.println("RuleTest seed " + seed);
    RandomRules random = new RandomRules(new SplittableRandom(seed));
    for (int i = 0; i < 5_000; i++) {
      Rule rule = random.rule();
      assertThat(Rule.parse(rule.toString())).as("seed %d: %s", seed, rule).isEqualTo(rule);
    }
  }

  @Test
  void damaged_text_gives_a_rule_or_a_place_and_nothing_else() {
    long seed = System.nanoTime();
    System.out.println("RuleTest damage seed " + seed);
    SplittableRandom source = new SplittableRandom(seed);
    RandomRules random = new RandomRules(source);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder(random.rule().toString());
      for (int n = 1 + source.nextInt(3); n > 0; n--) {
        text.setCharAt(source.nextInt(text.length()), (char) (' ' + source.nextInt(95)));
      }
      try {
        Rule rule = Rule.parse(text.toString());
        assertThat(Rule.parse(rule.toString())).as("seed %d: %s", seed, text).isEqualTo(rule);
      } catch (RuleSyntaxException e) {
        assertThat(e.column()).as("seed %d: %s", seed, text).isBetween(1, text.length() + 1);
      }
    }
  }

  @Test
  void what_is_too_long_is_refused_with_the_limit_at_once() {
    assertThatThrownBy(() -> Rule.parse("allow ip from any to any" + " frag".repeat(20_000)))
        .isInstanceOf(RuleSyntaxException.class)
        .hasMessageContaining("a rule of 256 options, at most 255");
    String block = "allow ip from { 10.0.0.1" + " or 10.0.0.1".repeat(20_000) + " } to any";
    assertThatThrownBy(() -> Rule.parse(block))
        .isInstanceOf(RuleSyntaxException.class)
        .hasMessageContaining("20001 alternative addresses, at most 255");
    assertThatThrownBy(() -> Rule.parse("allow ip from any to any //" + " word".repeat(20_000)))
        .isInstanceOf(RuleSyntaxException.class)
        .hasMessageContaining("at most 80");
  }

  @Test
  void actions_that_only_ipfw_has_and_mapped_addresses_are_refused_with_true_advice() {
    assertThatThrownBy(() -> Rule.parse("nat 1 ip from any to any"))
        .hasMessageContaining("an action of ipfw(8)")
        .hasMessageContaining("addWords()");
    assertThatThrownBy(() -> Rule.parse("allow ip from ::ffff:0.0.0.0/96 to any"))
        .hasMessageContaining("not supported")
        .hasMessageContaining("other packets");
  }
}
