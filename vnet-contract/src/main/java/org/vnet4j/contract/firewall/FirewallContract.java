// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.vnet4j.contract.kit.PacketProbe.Outcome.*;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.Contract;
import org.vnet4j.contract.kit.PacketProbe;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;

/**
 * Tests firewalls with real packets: each rule is tried with a packet that it matches and with one
 * that it does not.
 */
@Timeout(300) // an emulated machine needs a second for each packet
public abstract class FirewallContract extends Contract {
  /** Lets neighbour discovery pass, without which IPv6 does not work. */
  private static final Rule NEIGHBOURS =
      Rule.parse("allow ipv6-icmp from any to any icmp6types 133,134,135,136,137,143").quick();

  /** A rule, a packet that it matches, and one that it does not match. */
  private static final String[][] CASES = {
    {"deny udp from any to any", "udp h:4001 j:53", "tcp h:4001 j:53"},
    {"deny tcp from any to any", "tcp h:4002 j:80", "udp h:4002 j:80"},
    {"deny icmp from any to any", "icmp h j", "udp h:4001 j:53"},
    {"deny ipv6-icmp from any to any icmp6types 128", "icmp H J", "icmp h j"},
    {"deny ip4 from any to any", "udp h:4001 j:53", "udp H:4001 J:53"},
    {"deny ip6 from any to any", "udp H:4001 J:53", "udp h:4001 j:53"},
    {"deny { tcp or udp } from any to any", "udp H:4001 J:53", "icmp h j"},
    {"deny not udp from any to any", "icmp h j", "udp h:4001 j:53"},
    {"deny not ip6 from any to any", "udp h:4001 j:53", "udp H:4001 J:53"},
    {"allow udp from any to any", "udp h:4001 j:53", "icmp h j"},
    {"allow udp from any to any", "udp J:4001 H:53", "icmp j h"},
    {"allow icmp from any to any", "icmp h j", "udp h:4001 j:53"},
    {"allow ip6 from any to any", "udp H:4001 J:53", "udp h:4001 j:53"},
    {"deny udp from any to any 53", "udp h:4001 j:53", "udp h:4001 j:54"},
    {"deny udp from any to any 53", "udp H:4001 J:53", "udp H:4001 J:54"},
    {"deny udp from any 4001 to any", "udp h:4001 j:53", "udp h:4002 j:53"},
    {"deny udp from any 4000-4005 to any 50-60", "udp h:4005 j:50", "udp h:4006 j:50"},
    {"deny udp from any to any 22,53,100-200", "udp h:4001 j:150", "udp h:4001 j:201"},
    {"deny udp from any to any 22,53,100-200", "udp H:4001 J:22", "udp H:4001 J:23"},
    {"deny udp from any to any not 53", "udp h:4001 j:54", "udp h:4001 j:53"},
    {"deny udp from any to any not 53,60-70", "udp h:4001 j:71", "udp h:4001 j:65"},
    {"deny ip from any to any 53", "udp h:4001 j:53", "icmp h j"},
    {"deny ip from any to any not 53", "icmp h j", "udp h:4001 j:53"},
    {"allow udp from any to any 53", "udp h:4001 j:53", "udp h:4001 j:54"},
    {"deny udp from 192.0.2.1 to any", "udp h:4001 j:53", "udp i:4001 j:53"},
    {"deny udp from 192.0.2.0/29 to any", "udp h:4001 j:53", "udp i:4001 j:53"},
    {"deny udp from 192.0.2.8/29 to any", "udp i:4001 j:53", "udp h:4001 j:53"},
    {"deny udp from not 192.0.2.1 to any", "udp i:4001 j:53", "udp h:4001 j:53"},
    {"deny udp from not 192.0.2.1 to any", "udp H:4001 J:53", "udp h:4001 j:53"},
    {"deny udp from 192.0.2.1,192.0.2.9 to any", "udp i:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from 192.0.2.0/24{5-9} to any", "udp i:4001 j:53", "udp h:4001 j:53"},
    {"deny udp from { 10.0.0.0/8 or 192.0.2.9 } to any", "udp i:4001 j:53", "udp h:4001 j:53"},
    {"deny udp from { 192.0.2.9 or 2001:db8::9 } to any", "udp I:4001 J:53", "udp h:4001 j:53"},
    {"deny udp from { 192.0.2.9 or not 2001:db8::9 } to any", "udp h:4001 j:53", "udp I:4001 J:53"},
    {"deny udp from 2001:db8::1 to any", "udp H:4001 J:53", "udp I:4001 J:53"},
    {"deny udp from 2001:db8::8/125 to any", "udp I:4001 J:53", "udp H:4001 J:53"},
    {"deny udp from not 2001:db8::8/125 to any", "udp H:4001 J:53", "udp I:4001 J:53"},
    {"deny udp from any to 192.0.2.2", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from any to me", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from me to any", "udp J:4001 H:53", "udp H:4001 J:53"},
    {"deny udp from not me to any", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from any to me6", "udp H:4001 J:53", "udp h:4001 j:53"},
    {"allow udp from 192.0.2.0/29 to me 53", "udp h:4001 j:53", "udp i:4001 j:53"},
    {"deny udp from any to any in", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from any to any out", "udp j:4001 h:53", "udp h:4001 j:53"},
    {"deny udp from any to any out", "udp J:4001 H:53", "udp H:4001 J:53"},
    {"deny udp from any to any via c0b", "udp h:4001 j:53", "icmp h j"},
    {"deny udp from any to any via c0b", "udp j:4001 h:53", "icmp j h"},
    {"deny udp from any to any via nosuch0", "", "udp h:4001 j:53"},
    {"deny udp from any to any recv c0b", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from any to any xmit c0b", "udp j:4001 h:53", "udp h:4001 j:53"},
    {"deny udp from any to any recv c*", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from any to any recv c?b", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from any to any recv *[ab]", "udp h:4001 j:53", "udp j:4001 h:53"},
    {"deny udp from any to any recv c?", "", "udp h:4001 j:53"},
    {"deny udp from any to any not recv c0b", "udp j:4001 h:53", "udp h:4001 j:53"},
    {"deny icmp from any to any icmptypes 8", "icmp h j", "udp h:4001 j:53"},
    {"deny icmp from any to any icmptypes 0", "icmp h j", "udp h:4001 j:53"},
    {"deny icmp from any to any icmptypes 3,8,11 in", "icmp h j", "icmp j h"},
    {"deny ipv6-icmp from any to any icmp6types 128,129 in", "icmp H J", "udp H:4001 J:53"},
    {"deny ip from any to any iplen 500-600", "udp h:4001 j:53 500", "udp h:4001 j:53 400"},
    {"deny udp from any to any not iplen 36", "udp h:4001 j:53 9", "udp h:4001 j:53 8"},
    {"deny udp from any to any ipver 6", "udp H:4001 J:53", "udp h:4001 j:53"},
    {"deny udp from any to any ipttl 60-70", "udp h:4001 j:53", "udp H:4001 J:53"},
    {"deny udp from any to any not ipttl 60-70", "udp H:4001 J:53", "udp h:4001 j:53"},
    {"deny tcp from any to any setup", "tcp h:4003 j:80", "udp h:4001 j:80"},
    {"deny tcp from any to any established in", "tcp j:4004 h:80", "udp h:4001 j:80"},
    {"deny tcp from any to any tcpflags syn,ack out", "tcp h:4005 j:80", "tcp j:4005 h:80"},
    {"deny ip from any to any not established", "udp h:4001 j:53", ""},
    {"reset tcp from any to me 80", "tcp h:4006 j:80", "tcp h:4006 j:81"},
    {"reset6 tcp from any to me 80", "tcp H:4006 J:80", "tcp H:4006 J:81"},
    {"unreach port udp from any to me 53", "udp h:4001 j:53", "udp h:4001 j:54"},
    {"unreach port udp from any to me 53", "udp H:4001 J:53", "udp H:4001 J:54"},
    {"unreach6 port udp from any to me 53", "udp I:4001 J:53", "udp I:4001 J:54"},
    {"unreach port udp from any to any 53 out", "udp j:4001 h:53", "udp j:4001 h:54"},
    {"allow tcp from any to me 80 setup keep-state", "tcp h:4007 j:80", "tcp h:4007 j:81"},
    {"allow tcp from any to me 80 setup keep-state", "tcp H:4007 J:80", "tcp H:4007 J:81"},
    {"allow tcp from me to any 80 out keep-state", "tcp j:4008 h:80", "tcp h:4008 j:80"},
    {"allow icmp from me to any icmptypes 8 keep-state", "icmp j h", "udp h:4001 j:53"},
    {"allow tcp from any to me 22,80-90 limit src-addr 9", "tcp h:4009 j:85", "tcp h:4009 j:91"},
    {"count udp from any to me 53", "udp h:4001 j:53", "udp h:4001 j:54"},
    {"count icmp from any to any icmptypes 8 in", "icmp h j", "icmp j h"},
  };

  /** Longest time until a rule has counted a packet. */
  private static final Duration COUNTED = Duration.ofSeconds(10);

  /** Time without a packet after which none is expected to be on its way. */
  private static final Duration STILL = Duration.ofMillis(50);

  private Jail jail;

  @BeforeEach
  void a_jail_behind_a_cable() {
    needsTraffic();
    jail = jail("wall");
    needs(Capability.IPV6);
    Epair cable = cable(host, jail);
    for (String cidr :
        List.of("192.0.2.1/24", "192.0.2.9/24", "2001:db8::1/64", "2001:db8::9/64")) {
      address(cable.a(), cidr);
    }
    cable.b().inet("192.0.2.2/24").inet6("2001:db8::2/64").up();
    cable.a().up();
    reaches(host, "192.0.2.2");
    reaches(host, "2001:db8::2");
    reaches(jail, "2001:db8::1");
    reaches(jail, "2001:db8::9");
  }

  @Test
  void packets_decide_on_the_rules_of_ipfw() throws IOException {
    needs(Capability.IPFW);
    vnet.modules().loadIpfw(Action.Plain.ALLOW);
    decide(jail.ipfw()::load, jail.ipfw()::list, 70);
    answer(jail.ipfw()::load, Action.Answer.RESET, Action.Answer.RESET6);
  }

  @Test
  void packets_decide_on_the_rules_of_pf() throws IOException {
    needs(Capability.PF);
    vnet.modules().load("pf");
    jail.pf().enable();
    decide(jail.pf()::load, jail.pf()::list, 40);
    answer(jail.pf()::load, Action.Answer.values());
  }

  @Test
  void packets_decide_on_the_rules_of_ipf() throws IOException {
    needs(Capability.IPF);
    vnet.modules().load("ipl");
    enableIpf();
    decide(jail.ipf()::load, jail.ipf()::list, 40);
    answer(jail.ipf()::load, Action.Answer.values());
  }

  /**
   * Enables ipf in the jail; skips the test where the host forbids it, which is the default of
   * FreeBSD 15.
   */
  private void enableIpf() {
    try {
      jail.ipf().enable();
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage());
    }
  }

  /**
   * Loads each rule in turn and tries its packets; skips rules that the firewall cannot express.
   */
  private void decide(Consumer<RuleSet> load, Supplier<List<ListedRule>> list, int leastSaid)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    int said = 0;
    for (String[] one : CASES) {
      Rule rule = Rule.parse(one[0]);
      boolean allows = rule.action() == Action.Plain.ALLOW;
      RuleSet set = allows ? RuleSet.denying() : RuleSet.allowing();
      try {
        load.accept(set.add(100, NEIGHBOURS).add(200, rule));
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining(one[0].split(" ")[0]);
        continue;
      }
      said++;
      PacketProbe.Outcome otherwise = allows ? DROPPED : PASSED;
      meet(one[0], one[1], met(rule), list, true, wrong);
      meet(one[0], one[2], otherwise, list, false, wrong);
    }
    assertThat(wrong).isEmpty();
    assertThat(said).as("rules that this engine can say").isGreaterThanOrEqualTo(leastSaid);
  }

  /**
   * Checks that the answers of rules are sent, though no rule allows outgoing packets. FreeBSD's
   * ipfw does not filter its resets but does filter its ICMP errors ({@code send_reject}), so of
   * ipfw only the resets are checked.
   */
  private void answer(Consumer<RuleSet> load, Action.Answer... answers) throws IOException {
    for (String[] one : CASES) {
      Rule rule = Rule.parse(one[0]);
      PacketProbe shot = PacketProbe.parse(one[1].isEmpty() ? one[2] : one[1]);
      if (rule.action() instanceof Action.Reject reject
          && List.of(answers).contains(reject.answer())
          && shot.comesIn()) {
        try {
          load.accept(RuleSet.denying().add(100, NEIGHBOURS).add(200, rule));
        } catch (IllegalArgumentException e) {
          continue; // this firewall cannot express the rule
        }
        assertThat(shot.fire(host, jail, REFUSED)).as("%s", rule).isEqualTo(REFUSED);
      }
    }
  }

  private static PacketProbe.Outcome met(Rule rule) {
    return rule.action() instanceof Action.Reject
        ? REFUSED
        : rule.action() == Action.Plain.DENY ? DROPPED : PASSED;
  }

  private void meet(
      String rule,
      String packet,
      PacketProbe.Outcome expected,
      Supplier<List<ListedRule>> list,
      boolean counts,
      List<String> wrong)
      throws IOException {
    if (packet.isEmpty()) {
      return;
    }
    long before = list.get().get(1).packets();
    PacketProbe.Outcome outcome = PacketProbe.parse(packet).fire(host, jail, expected);
    long counted = counted(list, before, packet.startsWith("tcp"), counts);
    if (outcome != expected && !(expected == REFUSED && refusedBefore(packet, outcome))
        || counts != counted > 0) {
      wrong.add(rule + ": " + packet + " was " + outcome + ", counted " + counted);
    }
  }

  /**
   * Returns how many packets the rule counted. Waits for a packet that is still on its way, and for
   * the end of a connection, which must not count for the next one.
   */
  private static long counted(
      Supplier<List<ListedRule>> list, long before, boolean connection, boolean counts) {
    long deadline = System.nanoTime() + COUNTED.toNanos();
    long counted = list.get().get(1).packets() - before;
    boolean settled = !connection && (!counts || counted > 0);
    while (!settled && System.nanoTime() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(STILL.toNanos());
      long now = list.get().get(1).packets() - before;
      settled = now == counted && (!counts || counted > 0);
      counted = now;
    }
    return counted;
  }

  /** A packet that the sender's own firewall drops is an error of the sending call. */
  private static boolean refusedBefore(String packet, PacketProbe.Outcome outcome) {
    return outcome == DROPPED && !PacketProbe.parse(packet).comesIn();
  }

  @Test
  void first_match_last_match_and_quick_differ() throws IOException {
    needs(Capability.IPFW, Capability.PF, Capability.IPF);
    vnet.modules().loadIpfw(Action.Plain.ALLOW).load("pf", "ipl");
    enableIpf();
    jail.ipf().disable();
    Rule deny = Rule.parse("deny udp from any to 192.0.2.2");
    Rule allow = Rule.parse("allow udp from any to 192.0.2.2 53");
    RuleSet plain = RuleSet.allowing().add(100, deny).add(200, allow);
    RuleSet quick = RuleSet.allowing().add(100, deny.quick()).add(200, allow);
    PacketProbe shot = PacketProbe.parse("udp h:4001 j:53");

    jail.ipfw().load(plain);
    assertThat(shot.fire(host, jail, DROPPED)).isEqualTo(DROPPED);
    jail.ipfw().flush();

    jail.pf().load(plain).enable();
    assertThat(shot.fire(host, jail, PASSED)).isEqualTo(PASSED);
    jail.pf().load(quick);
    assertThat(shot.fire(host, jail, DROPPED)).isEqualTo(DROPPED);
    jail.pf().disable();

    jail.ipf().enable().load(plain);
    assertThat(shot.fire(host, jail, PASSED)).isEqualTo(PASSED);
    jail.ipf().load(quick);
    assertThat(shot.fire(host, jail, DROPPED)).isEqualTo(DROPPED);
    jail.ipf().flush();
    assertThat(shot.fire(host, jail, PASSED)).isEqualTo(PASSED);
  }

  @Test
  void a_limit_of_connections_holds_and_ends() throws IOException {
    needs(Capability.IPFW);
    vnet.modules().loadIpfw(Action.Plain.ALLOW);
    jail.ipfw().add("100 allow tcp from any to me 80 setup limit src-addr 2");
    jail.ipfw().add("200 allow tcp from me 80 to any established");
    jail.ipfw().add("300 deny tcp from any to me 80 setup");
    Duration patience = Duration.ofSeconds(10);
    try (var server = jail.sockets().listen("192.0.2.2", 80);
        var one = host.sockets().connect("192.0.2.2", 80, patience);
        var two = host.sockets().connect("192.0.2.2", 80, patience)) {
      assertThat(PacketProbe.parse("tcp i:4001 j:81").fire(host, jail, PASSED)).isEqualTo(PASSED);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> host.sockets().connect("192.0.2.2", 80, Duration.ofMillis(300)).close())
          .isInstanceOf(IOException.class);
      assertThat(List.of(server, one, two)).allMatch(java.nio.channels.Channel::isOpen);
    }
  }

  @Test
  void skipto_goes_on_further_down_and_named_states_lead_to_their_rule() throws IOException {
    needs(Capability.IPFW);
    vnet.modules().loadIpfw(Action.Plain.ALLOW);
    jail.ipfw()
        .load(
            """
            100 check-state :dns
            200 skipto 400 udp from any to any 53
            300 deny udp from any to any
            400 allow udp from any to any out keep-state :dns
            500 deny udp from any to any in
            65535 allow ip from any to any
            """);
    assertThat(PacketProbe.parse("udp h:53 j:4001").fire(host, jail, DROPPED)).isEqualTo(DROPPED);
    assertThat(PacketProbe.parse("udp j:4001 h:53").fire(host, jail, PASSED)).isEqualTo(PASSED);
    assertThat(PacketProbe.parse("udp h:53 j:4001").fire(host, jail, PASSED)).isEqualTo(PASSED);
    assertThat(PacketProbe.parse("udp j:4001 h:54").fire(host, jail, DROPPED)).isEqualTo(DROPPED);
    assertThat(jail.ipfw().list().get(3).packets()).isEqualTo(2);
    jail.ipfw().delete(400);
    jail.ipfw().add("400 count udp from any to any");
    assertThat(PacketProbe.parse("udp h:53 j:4001").fire(host, jail, DROPPED)).isEqualTo(DROPPED);
  }

  @Test
  void pf_translates_and_its_states_are_seen_and_killed() throws IOException {
    needs(Capability.PF);
    vnet.modules().load("pf");
    Rule out = Rule.parse("allow ip from any to any out keep-state");
    Rule in = Rule.parse("allow udp from any to any 8053 in keep-state");
    jail.pf()
        .load(
            PfRules.of(RuleSet.denying().add(50, NEIGHBOURS).add(100, out).add(200, in))
                .translate(Rules.rdr("c0b", "192.0.2.2", 8053).udp().to(Rules.me(), Rules.port(53)))
                .anchor("extra"))
        .enable();
    try (var server = jail.sockets().bind("192.0.2.2", 8053);
        var client = host.sockets().bind("192.0.2.1", 4001)) {
      client.connect(new java.net.InetSocketAddress("192.0.2.2", 53));
      client.write(java.nio.ByteBuffer.allocate(8));
      var data = java.nio.ByteBuffer.allocate(100);
      var from = server.receive(data);
      server.send(data.flip(), from);
      client.configureBlocking(true);
      assertThat(client.read(java.nio.ByteBuffer.allocate(100))).isEqualTo(8);
      assertThat(jail.pf().states()).anyMatch(state -> state.destinationPort() == 8053);
      assertThat(jail.pf().translations()).singleElement().asString().startsWith("rdr on c0b");
      assertThat(jail.pf().killStates("192.0.2.1/32", "192.0.2.0/24")).isEqualTo(1);
      assertThat(jail.pf().states()).isEmpty();
    }
    assertThat(PacketProbe.parse("udp h:4002 j:99").fire(host, jail, DROPPED)).isEqualTo(DROPPED);
    jail.pf()
        .anchor("extra")
        .load(RuleSet.allowing().add(Rule.parse("allow udp from any to any 99")));
    assertThat(PacketProbe.parse("udp h:4002 j:99").fire(host, jail, PASSED)).isEqualTo(PASSED);
    assertThat(jail.pf().anchors()).hasSize(1);
    jail.pf().anchor("extra").flush();
    assertThat(PacketProbe.parse("udp h:4002 j:99").fire(host, jail, DROPPED)).isEqualTo(DROPPED);
    jail.pf().disable();
    assertThat(PacketProbe.parse("udp h:4002 j:99").fire(host, jail, PASSED)).isEqualTo(PASSED);
  }
}
