// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.vnet4j.firewall.Rules.any;
import static org.vnet4j.firewall.Rules.deny;
import static org.vnet4j.firewall.Rules.me;
import static org.vnet4j.rehearsal.Probe.ping;
import static org.vnet4j.rehearsal.Probe.tcp;
import static org.vnet4j.rehearsal.Probe.udp;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Modules;
import org.vnet4j.Route;
import org.vnet4j.Vnet;
import org.vnet4j.contract.Contract;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Trial;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.probe.PingResult;
import org.vnet4j.rehearsal.Rehearsal;
import org.vnet4j.rehearsal.Report;
import org.vnet4j.rehearsal.StackSketch;

/** Rules do what their rehearsal reported, and rules on trial are taken back. */
public abstract class RehearsalContract extends Contract {
  private static final RuleSet SSH_ONLY =
      RuleSet.parse(
          """
          100 check-state
          200 allow tcp from any to me 22 in setup keep-state
          300 allow icmp from any to any
          400 reset tcp from any to me 113
          65535 deny ip from any to any
          """);

  private static final RuleSet BLOCKED =
      RuleSet.parse("100 deny ip from table(blocked) to any\n65535 allow ip from any to any\n");

  @BeforeEach
  void needs_firewalls() {
    needsTraffic();
    needs(Capability.IPFW);
    vnet.modules().loadIpfw(Action.Plain.ALLOW);
  }

  private Rehearsal rehearsal(StackSketch sketch) {
    return Rehearsal.of(sketch).sandbox(this::sandbox).patience(Duration.ofMillis(300));
  }

  /**
   * Rehearses until everything is as expected: on a busy machine an answer may take longer than the
   * patience. Nothing that is dropped comes through by that, and what passes in the same run shows
   * that the patience was enough.
   */
  private static Report passed(Rehearsal rehearsal) {
    Report report = Await.until(rehearsal::run, Report::passed);
    assertThat(report.passed()).as("%s", report).isTrue();
    return report;
  }

  private static StackSketch server() {
    return StackSketch.named("server").iface("em0", "192.0.2.1/24", "2001:db8::1/64");
  }

  private static StackSketch gateway() {
    return StackSketch.named("gateway")
        .iface("em0", "192.0.2.1/24")
        .iface("em1", "10.0.0.1/24")
        .route("default", "192.0.2.254")
        .forwarding(true);
  }

  @Test
  void every_probe_is_told_with_the_rule_that_decided() {
    Rehearsal rehearsal =
        rehearsal(server())
            .ipfw(SSH_ONLY)
            .expect(ping("192.0.2.9", "192.0.2.1"))
            .answered()
            .expect(tcp("192.0.2.9", "192.0.2.1", 22))
            .open()
            .expect(tcp("192.0.2.9", "192.0.2.1", 113))
            .refused()
            .expect(tcp("192.0.2.9", "192.0.2.1", 23))
            .dropped()
            .expect(udp("192.0.2.1", "192.0.2.9", 53))
            .dropped()
            .expect(tcp("2001:db8::9", "2001:db8::1", 22))
            .open();

    Report report = passed(rehearsal);
    assertThat(
            report.results().stream()
                .map(one -> one.decidedBy().map(rule -> rule.substring(0, 5)).orElse("")))
        .containsExactly("00300", "00200", "00400", "", "", "00200");
    assertThat(report.toString())
        .startsWith("4 rules of ipfw on a replica of server\n  ok    ping 192.0.2.9 -> 192.0.2.1")
        .contains("refused by 00400 reset tcp from any to me 113")
        .endsWith("All 6 as expected.");
  }

  @Test
  void rules_that_would_cut_off_ssh_are_found_and_never_reach_the_stack() {
    Jail jail = jail("server");
    cable(host, jail, "192.0.2.9/24", "192.0.2.1/24");
    reaches(host, "192.0.2.1");
    RuleSet wrong =
        RuleSet.allowing().add(300, deny().tcp().from(any()).to(me())).add(400, Rules.allow());
    Rehearsal rehearsal =
        Rehearsal.of(jail)
            .sandbox(this::sandbox)
            .patience(Duration.ofMillis(300))
            .ipfw(wrong)
            .expect(tcp("192.0.2.9", "192.0.2.1", 22))
            .open();

    assertThatThrownBy(() -> rehearsal.applyTo(jail).confirmWithin(Duration.ofSeconds(30)))
        .isInstanceOf(Rehearsal.NotAsExpectedException.class)
        .hasMessageContaining("FAIL  tcp 192.0.2.9 -> 192.0.2.1 port 22")
        .hasMessageContaining("dropped, not passed by 00300 deny tcp from any to me");
    assertThat(jail.ipfw().list()).hasSize(1);
  }

  @Test
  void a_gateway_is_rehearsed_with_peers_near_and_far() {
    needs(Capability.FORWARDING);
    RuleSet rules =
        RuleSet.parse(
            """
            100 allow icmp from 10.0.0.0/24 to any recv em1 icmptypes 8
            110 allow icmp from any to 10.0.0.0/24 icmptypes 0
            200 allow tcp from 10.0.0.0/24 to any 80 keep-state
            65535 deny ip from any to any
            """);
    Rehearsal rehearsal =
        rehearsal(gateway())
            .ipfw(rules)
            .expect(ping("10.0.0.5", "198.51.100.7"))
            .answered()
            .expect(ping("198.51.100.7", "10.0.0.5"))
            .dropped()
            .expect(tcp("10.0.0.5", "198.51.100.7", 80))
            .open()
            .expect(tcp("10.0.0.5", "192.0.2.254", 443))
            .dropped();

    passed(rehearsal);
  }

  private static StackSketch serverWith(Route... routes) {
    return new StackSketch("server", server().interfaces(), List.of(routes), false);
  }

  @Test
  void of_the_routes_to_one_destination_a_replica_has_the_first() {
    StackSketch sketch =
        serverWith(
            via("0.0.0.0/0", "192.0.2.254"),
            via("0.0.0.0/0", "192.0.2.253"),
            via("192.0.2.0/24", "192.0.2.254"));

    Report report =
        passed(
            rehearsal(sketch)
                .ipfw(RuleSet.allowing())
                .expect(ping("203.0.113.7", "192.0.2.1"))
                .answered());
    assertThat(report.missing())
        .containsExactly("route default via 192.0.2.253", "route 192.0.2.0/24 via 192.0.2.254");
  }

  @Test
  void routes_whose_gateway_is_on_no_network_are_left_out_and_named() {
    StackSketch sketch =
        serverWith(
            via("198.51.100.0/24", "172.31.1.1"),
            Route.via(Cidr.parse("::/0"), IpLiteral.parse("fe80::1"), "em0"));
    Rehearsal rehearsal =
        rehearsal(sketch)
            .ipfw(RuleSet.allowing())
            .expect(ping("192.0.2.9", "192.0.2.1"))
            .answered();

    Report report = passed(rehearsal);
    assertThat(report.missing())
        .containsExactly(
            "route 198.51.100.0/24 via 172.31.1.1", "route default via fe80::1 dev em0");
    assertThat(report.toString()).contains("not on the replica: route default via fe80::1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rehearsal.expect(ping("198.51.100.7", "192.0.2.1")))
        .withMessageContaining("leads to 198.51.100.7; not on the replica: route 198.51.100.0/24");
  }

  private static Route via(String destination, String gateway) {
    return Route.via(Cidr.parse(destination), IpLiteral.parse(gateway));
  }

  @Test
  void a_stack_with_a_link_local_gateway_is_rehearsed() {
    needs(Capability.IPV6);
    Jail jail = jail("server");
    Epair cable = cable(host, jail, "2001:db8::9/64", "2001:db8::1/64");
    jail.routes().add("default", "fe80::1%" + cable.b().name());

    Report report =
        passed(
            rehearsal(jail)
                .ipfw(RuleSet.allowing())
                .expect(ping("2001:db8::9", "2001:db8::1"))
                .answered());
    assertThat(report.missing())
        .containsExactly("route default via fe80::1 dev " + cable.b().name());
  }

  @Test
  void interfaces_without_room_for_a_neighbour_are_rehearsed() {
    StackSketch sketch =
        StackSketch.named("server")
            .iface("em0", "192.0.2.5/32", "192.0.2.1/24", "2001:db8::5/128", "2001:db8::1/64")
            .iface("wg0", "10.8.0.1/32", "2001:db8:8::1/128")
            .iface("em1", "198.51.100.1/31", "2001:db8:1::1/127")
            .route("default", "192.0.2.254");

    passed(
        rehearsal(sketch)
            .ipfw(RuleSet.allowing())
            .expect(ping("203.0.113.7", "10.8.0.1"))
            .answered()
            .expect(ping("2001:db8::9", "2001:db8:8::1"))
            .answered());
    passed(
        rehearsal(sketch)
            .ipfw(RuleSet.allowing())
            .expect(ping("198.51.100.0", "192.0.2.5"))
            .answered());
  }

  @Test
  void pf_and_ipfilter_are_rehearsed_too() {
    try {
      vnet.modules().load("pf", "ipl");
    } catch (Modules.NotFoundException e) {
      abort(e.getMessage());
    }
    RuleSet lastMatch =
        RuleSet.parse(
            """
            100 deny ip from any to any
            200 allow tcp from any to any 22 keep-state
            """);
    for (Rehearsal one :
        new Rehearsal[] {
          rehearsal(server()).pf(PfRules.of(lastMatch)), rehearsal(server()).ipf(lastMatch)
        }) {
      one.expect(tcp("192.0.2.9", "192.0.2.1", 22))
          .open()
          .expect(tcp("192.0.2.9", "192.0.2.1", 23))
          .dropped();
      Report report;
      try {
        report = passed(one);
      } catch (Vnet.UnsupportedException e) {
        abort(e.getMessage()); // a simulated FreeBSD has neither pfctl(8) nor ipf(8)
        return;
      }
      assertThat(report.results().get(1).decidedBy())
          .hasValueSatisfying(rule -> assertThat(rule).startsWith("00100 deny"));
    }
  }

  @Test
  void what_cannot_cross_the_stack_is_refused_before_anything_is_built() {
    Rehearsal rehearsal = rehearsal(gateway()).ipfw(SSH_ONLY);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> rehearsal.expect(ping("192.0.2.7", "192.0.2.8")))
        .withMessageContaining("does not cross gateway");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rehearsal.expect(ping("2001:db8::7", "2001:db8::8")))
        .withMessageContaining("no interface or route of gateway leads to 2001:db8::7");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> rehearsal(gateway().forwarding(false)).expect(tcp("10.0.0.5", "192.0.2.7", 80)))
        .withMessageContaining("does not forward");
    assertThatThrownBy(() -> rehearsal(server()).run()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rules_of_pf_on_trial_are_taken_back_unless_confirmed() {
    needs(Capability.PF);
    vnet.modules().load("pf");
    Jail jail = jail("server");
    cable(host, jail, "192.0.2.9/24", "192.0.2.1/24");
    jail.pf().load(RuleSet.allowing().add(100, deny().udp())).enable();
    String old = jail.pf().toString();
    reaches(host, "192.0.2.1");
    PfRules locked = PfRules.of(RuleSet.denying());

    try (Trial trial = jail.pf().loadOnTrial(locked, Duration.ofMinutes(5))) {
      doesNotReach(host, "192.0.2.1");
      assertThat(trial.remaining()).isPositive();
    }
    reaches(host, "192.0.2.1");
    assertThat(jail.pf()).hasToString(old);

    try (Trial trial = jail.pf().loadOnTrial(locked, Duration.ofMinutes(5))) {
      trial.confirm();
    }
    doesNotReach(host, "192.0.2.1");
  }

  @Test
  void rules_of_ipf_on_trial_are_taken_back_unless_confirmed() {
    needs(Capability.IPF);
    vnet.modules().load("ipl");
    Jail jail = jail("server");
    cable(host, jail, "192.0.2.9/24", "192.0.2.1/24");
    try {
      jail.ipf().enable();
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage());
    }
    jail.ipf().load(RuleSet.allowing().add(100, deny().udp()));
    String old = jail.ipf().toString();
    reaches(host, "192.0.2.1");

    try (Trial trial = jail.ipf().loadOnTrial(RuleSet.denying(), Duration.ofMinutes(5))) {
      doesNotReach(host, "192.0.2.1");
      assertThat(trial.remaining()).isPositive();
    }
    reaches(host, "192.0.2.1");
    assertThat(jail.ipf()).hasToString(old);

    try (Trial trial = jail.ipf().loadOnTrial(RuleSet.denying(), Duration.ofMinutes(5))) {
      trial.confirm();
    }
    doesNotReach(host, "192.0.2.1");
  }

  @Test
  void a_trial_that_is_confirmed_stays_and_one_that_is_not_goes() throws InterruptedException {
    Jail jail = jail("server");
    cable(host, jail, "192.0.2.9/24", "192.0.2.1/24");
    jail.ipfw().add(100, Rules.count());
    reaches(host, "192.0.2.1");
    RuleSet locked = RuleSet.denying();

    try (Trial trial = jail.ipfw().loadOnTrial(locked, Duration.ofMinutes(5))) {
      doesNotReach(host, "192.0.2.1");
      assertThat(trial.remaining()).isGreaterThan(Duration.ofMinutes(4));
    }
    reaches(host, "192.0.2.1");
    assertThat(jail.ipfw().list().get(0)).hasToString("00100 count ip from any to any");

    Duration limit = Duration.ofMillis(800);
    long armed = System.nanoTime();
    Trial tooLate = jail.ipfw().loadOnTrial(locked, limit);
    PingResult ping = host.ping("192.0.2.1").count(1).timeout(Duration.ofMillis(300)).run();
    boolean early = System.nanoTime() - armed < limit.toNanos();
    assertThat(ping.isAnswered() && early).as("the old rules are back too early").isFalse();
    reaches(host, "192.0.2.1");
    assertThatThrownBy(tooLate::confirm).isInstanceOf(Trial.TooLateException.class);
    assertThat(tooLate.remaining()).isZero();

    try (Trial trial = jail.ipfw().loadOnTrial(locked, Duration.ofMinutes(5))) {
      trial.confirm();
      assertThatThrownBy(trial::confirm).isInstanceOf(IllegalStateException.class);
    }
    doesNotReach(host, "192.0.2.1");
    jail.ipfw().flush();
    reaches(host, "192.0.2.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> jail.ipfw().loadOnTrial(locked, Duration.ZERO));
  }

  @Test
  void a_firewall_on_trial_takes_no_other_change_and_the_error_names_the_trial() {
    Jail jail = jail("server");
    Ipfw ipfw = jail.ipfw();
    ipfw.load("100 deny tcp from any to me 22\n65535 allow ip from any to any\n");
    String confirmed = ipfw.toString();
    RuleSet tried = RuleSet.allowing().add(7, Rules.count());

    try (Trial trial = ipfw.loadOnTrial(tried, Duration.ofMinutes(5))) {
      String onTrial = ipfw.toString();
      List<ThrowingCallable> changes =
          List.of(
              () -> ipfw.loadOnTrial(RuleSet.denying(), Duration.ofMinutes(1)),
              () -> ipfw.load(RuleSet.denying()),
              () -> ipfw.add(8, deny()),
              () -> ipfw.delete(7),
              () -> ipfw.set(3).add(8, deny()),
              () -> ipfw.set(3).disable(),
              () -> ipfw.set(3).swap(ipfw.set(0)),
              ipfw::flush,
              ipfw::disable,
              () -> ipfw.table("new").create());
      for (ThrowingCallable change : changes) {
        assertThatThrownBy(change)
            .isInstanceOf(Trial.InProgressException.class)
            .hasMessageContaining("ipfw")
            .hasMessageContaining("by program " + ProcessHandle.current().pid());
      }
      assertThat(ipfw).hasToString(onTrial);
      assertThat(trial.remaining()).isPositive();
    }
    assertThat(ipfw).hasToString(confirmed);
    try (Trial trial = ipfw.loadOnTrial(tried, Duration.ofMinutes(5))) {
      trial.confirm();
    }
    ipfw.add(8, deny().udp()).toString();
    assertThat(ipfw.list()).extracting(rule -> rule.number()).contains(7, 8).doesNotContain(100);
  }

  @Test
  void a_trial_has_a_least_and_a_longest_time() {
    Ipfw ipfw = jail("server").ipfw();
    for (Duration wrong :
        List.of(
            Duration.ZERO,
            Duration.ofNanos(5),
            Duration.ofDays(25),
            Duration.ofDays(400_000),
            Duration.ofSeconds(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MIN_VALUE))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ipfw.loadOnTrial(RuleSet.denying(), wrong))
          .withMessageContaining("at most 24 days");
    }
    assertThat(ipfw.list()).hasSize(1);
  }

  /** A jail at 192.0.2.1 whose neighbour is the host, at 192.0.2.9. */
  private Jail server9() {
    Jail jail = jail("server");
    cable(host, jail, "192.0.2.9/24", "192.0.2.1/24");
    return jail;
  }

  private Rehearsal rehearsal(Jail jail) {
    return Rehearsal.of(jail).sandbox(this::sandbox).patience(Duration.ofMillis(300));
  }

  @Test
  void the_replica_has_the_tables_of_the_stack() {
    Jail jail = server9();
    jail.ipfw().table("blocked").create().add("192.0.2.9");

    Report report =
        rehearsal(jail).ipfw(BLOCKED).expect(ping("192.0.2.9", "192.0.2.1")).dropped().run();
    assertThat(report.passed()).as("%s", report).isTrue();
    assertThat(report.results().get(0).decidedBy().orElse("")).startsWith("00100 deny ip from");
    Report other =
        rehearsal(jail)
            .ipfw(BLOCKED)
            .table("blocked", "192.0.2.8/32")
            .expect(ping("192.0.2.9", "192.0.2.1"))
            .answered()
            .run();
    assertThat(other.passed()).as("%s", other).isTrue();
  }

  /**
   * Rules that keep states are loaded anew before each probe, with the tables of their firewall.
   */
  @Test
  void a_table_that_the_rehearsal_sets_stays_set_for_each_probe() {
    Jail jail = server9();
    jail.ipfw().table("blocked").create().add("192.0.2.9");
    jail.ipfw().set(5).add(50, Rules.allow().udp().keepState());

    passed(twoPings(rehearsal(jail).ipfw(BLOCKED)));
  }

  @Test
  void a_table_of_pf_that_the_rehearsal_sets_stays_set_for_each_probe() {
    needs(Capability.PF);
    vnet.modules().load("pf");
    Jail jail = server9();
    try {
      jail.pf().table("blocked").create().add("192.0.2.9");
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage()); // a simulated FreeBSD has no pfctl(8)
      return;
    }

    passed(twoPings(rehearsal(jail).pf(PfRules.of(BLOCKED))));
  }

  private static Rehearsal twoPings(Rehearsal rehearsal) {
    return rehearsal
        .table("blocked", "192.0.2.8/32")
        .expect(ping("192.0.2.9", "192.0.2.1"))
        .answered()
        .expect(ping("192.0.2.9", "192.0.2.1"))
        .answered();
  }

  @Test
  void the_replica_has_the_other_sets_as_they_are() {
    Jail jail = server9();
    jail.ipfw().set(5).add(50, deny().icmp());
    jail.ipfw().set(6).disable().add(40, deny().ip());
    RuleSet rules = RuleSet.allowing().add(100, Rules.allow().icmp());

    Report report =
        rehearsal(jail)
            .ipfw(rules)
            .expect(ping("192.0.2.9", "192.0.2.1"))
            .dropped()
            .expect(tcp("192.0.2.9", "192.0.2.1", 22))
            .open()
            .run();
    assertThat(report.passed()).as("%s", report).isTrue();
    assertThat(report.results().get(0).decidedBy()).contains("00050 deny icmp from any to any");
    jail.ipfw().set(5).disable();
    assertThat(
            rehearsal(jail)
                .ipfw(rules)
                .expect(ping("192.0.2.9", "192.0.2.1"))
                .answered()
                .run()
                .passed())
        .isTrue();
  }

  @Test
  void each_probe_starts_without_the_states_of_earlier_ones() {
    RuleSet rules =
        RuleSet.parse(
            """
            100 check-state
            200 allow icmp from me to any out keep-state
            65535 deny ip from any to any
            """);
    Report report =
        rehearsal(server())
            .ipfw(rules)
            .expect(ping("192.0.2.1", "192.0.2.9"))
            .answered()
            .expect(ping("192.0.2.9", "192.0.2.1"))
            .dropped()
            .expect(ping("192.0.2.1", "192.0.2.9"))
            .answered()
            .run();

    assertThat(report.passed()).as("%s", report).isTrue();
    assertThat(report.toString()).contains("dropped by the default action");
  }

  @Test
  void other_firewalls_stand_in_the_replica_and_what_cannot_be_copied_is_named() {
    needs(Capability.PF);
    vnet.modules().load("pf");
    Jail jail = server9();
    RuleSet rules = RuleSet.allowing().add(100, Rules.allow().icmp());
    Rehearsal rehearsal =
        rehearsal(jail).ipfw(rules).expect(ping("192.0.2.9", "192.0.2.1")).dropped();
    Report before;
    try {
      before = rehearsal.run();
      jail.pf().load(RuleSet.denying()).enable();
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage()); // a simulated FreeBSD has no pfctl(8)
      return;
    }
    assertThat(before.passed()).isFalse();
    assertThat(before.missing()).isEmpty();

    Report report = rehearsal.run();
    assertThat(report.passed()).as("%s", report).isTrue();
    assertThat(report.results().get(0).decidedBy()).contains("pf 65535 deny ip from any to any");
    jail.pf().anchor("extra").load(RuleSet.allowing().add(100, deny().udp()));
    assertThat(rehearsal.run().missing()).singleElement().asString().contains("anchor \"extra\"");
  }

  @Test
  void the_listener_is_where_a_translation_leads() {
    needs(Capability.FORWARDING);
    needs(Capability.PF);
    vnet.modules().load("pf");
    PfRules rules =
        PfRules.of(RuleSet.allowing())
            .translate(
                Rules.rdr("em0", "10.0.0.5", 80)
                    .tcp()
                    .to(Rules.net("192.0.2.1"), Rules.port(8080)));
    Report report;
    try {
      report =
          rehearsal(gateway())
              .pf(rules)
              .expect(tcp("192.0.2.9", "192.0.2.1", 8080))
              .open()
              .expect(tcp("192.0.2.9", "192.0.2.1", 8081))
              .open()
              .run();
    } catch (Vnet.UnsupportedException e) {
      abort(e.getMessage()); // a simulated FreeBSD has no pfctl(8)
      return;
    }
    assertThat(report.passed()).as("%s", report).isTrue();
    PfRules away =
        PfRules.of(RuleSet.allowing())
            .translate(Rules.rdr("em0", "203.0.113.5", 80).tcp().to(Rules.me(), Rules.port(80)));
    StackSketch alone = StackSketch.named("alone").iface("em0", "192.0.2.1/24");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> rehearsal(alone).pf(away).expect(tcp("192.0.2.9", "192.0.2.1", 80)).open().run())
        .withMessageContaining("leads where");
  }
}
