// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.vnet4j.firewall.Rules.*;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.Modules;
import org.vnet4j.contract.Contract;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.IpfwSet;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.firewall.Table;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.probe.PingResult;

/** ipfw of a jail: rules that are added and deleted, count and decide; sets, tables, and errors. */
public abstract class IpfwContract extends Contract {
  private Jail jail;
  private Ipfw ipfw;

  @BeforeEach
  void a_jail_with_an_ipfw_that_lets_all_pass() {
    needs(Capability.IPFW);
    vnet.modules().loadIpfw(Action.Plain.ALLOW);
    jail = jail("web");
    cable(host, jail, "192.0.2.1/24", "192.0.2.2/24");
    ipfw = jail.ipfw();
  }

  /**
   * Skips the test if ipfw is loaded already; on FreeBSD a module belongs to the whole machine and
   * stays.
   */
  private static void notLoaded(org.vnet4j.Vnet other) {
    assumeFalse(other.modules().loaded("ipfw"), "this machine has ipfw loaded for all its stacks");
  }

  private List<String> lines() {
    return ipfw.list().stream().map(ListedRule::toString).toList();
  }

  private ListedRule rule(int number) {
    return ipfw.list().stream().filter(r -> r.number() == number).findFirst().orElseThrow();
  }

  @Test
  void a_fresh_stack_lets_all_pass() {
    assertThat(ipfw.toString()).isEqualTo("65535 allow ip from any to any\n");
    assertThat(ipfw.enabled()).isTrue();
    assertThat(vnet.modules().loaded("ipfw")).isTrue();
    vnet.modules().load("ipfw");
  }

  @Test
  void deny_all_says_permission_denied_to_who_sends_and_the_host_goes_on() {
    needsTraffic();
    reaches(jail, "192.0.2.1");
    NumberedRule added = ipfw.add(100, deny().ip().from(any()).to(any()));

    PingResult result = jail.ping("192.0.2.1").count(1).run();

    assertThat(added).hasToString("00100 deny ip from any to any");
    assertThat(result.toString()).contains("sendto: Permission denied");
    assertThat(rule(100).packets()).isPositive();
    assertThat(host.ipfw().list()).hasSize(1);
    doesNotReach(host, "192.0.2.2");
    ipfw.delete(100);
    reaches(jail, "192.0.2.1");
  }

  /** Tests the check itself: silence alone may mean that the link is not ready. */
  @Test
  void what_was_never_reached_is_not_taken_for_cut_off() {
    needsTraffic();
    ipfw.add(100, deny().ip().from(any()).to(any()).inbound());

    assertThatThrownBy(() -> doesNotReach(host, "192.0.2.2"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("something else was reached before");
  }

  @Test
  void the_kernel_chooses_numbers() {
    ipfw.add(500, allow().tcp());

    assertThat(ipfw.add(deny().udp()).number()).isEqualTo(600);
    assertThat(ipfw.add("count icmp from any to any").number()).isEqualTo(700);
    assertThat(ipfw.add("65534 count ip from any to any").number()).isEqualTo(65534);
    assertThat(ipfw.add(count().ip4()).number()).isEqualTo(65534);
  }

  @Test
  void rules_stand_in_the_order_of_numbers_and_of_coming() {
    ipfw.add(300, deny().tcp());
    ipfw.add(100, allow().udp());
    ipfw.add(300, deny().icmp());

    assertThat(lines())
        .containsExactly(
            "00100 allow udp from any to any",
            "00300 deny tcp from any to any",
            "00300 deny icmp from any to any",
            "65535 allow ip from any to any");
    ipfw.delete(300);
    assertThat(lines()).hasSize(2);
  }

  @Test
  void a_number_goes_from_all_enabled_sets_and_stays_in_disabled_ones() {
    ipfw.add(300, deny().tcp());
    ipfw.set(3).add(300, deny().udp());
    ipfw.set(9).disable().add(400, count());

    ipfw.delete(300);
    assertThat(lines()).hasSize(2);

    ipfw.add(400, deny().tcp());
    ipfw.set(3).add(400, deny().udp());
    ipfw.delete(400);
    assertThat(ipfw.list()).extracting(ListedRule::set).containsExactly(9, 31);
  }

  @Test
  void counters_survive_what_happens_to_other_rules() {
    needsTraffic();
    ipfw.add(200, count().icmp().from(any()).to(any()).icmpTypes(8).inbound());
    host.ping("192.0.2.2").count(3).run();
    long packets = rule(200).packets();

    ipfw.add(100, count().udp());
    ipfw.add(300, count().udp());
    ipfw.delete(100);

    assertThat(packets).isPositive();
    assertThat(rule(200).packets()).isEqualTo(packets);
    assertThat(rule(200).bytes()).isEqualTo(packets * 84);
    ipfw.zero(200);
    assertThat(rule(200).packets()).isZero();
  }

  @Test
  void a_long_rule_is_read_back_word_for_word() {
    StringBuilder list = new StringBuilder("192.0.2.1");
    for (int i = 2; i < 32; i++) { // ipfw accepts 31 in one list
      list.append(",198.51.100.").append(i);
    }
    String words = "allow tcp from " + list + " to any 1,3,5-9,11";
    ipfw.add("100 " + words);

    assertThat(lines()).contains("00100 " + words);
  }

  @Test
  void a_rule_set_replaces_set_0_in_one_step() {
    ipfw.add(100, allow().tcp());
    ipfw.set(5).add(150, allow().udp());

    ipfw.load(RuleSet.denying().add(200, allow().icmp()));

    assertThat(lines())
        .containsExactly(
            "00150 allow udp from any to any",
            "00200 allow icmp from any to any",
            "65534 deny ip from any to any",
            "65535 allow ip from any to any");
    ipfw.flush();
    assertThat(lines()).containsExactly("65535 allow ip from any to any");
  }

  @Test
  void a_set_is_swapped_in() {
    needsTraffic();
    ipfw.set(0).add(100, allow().ip());
    ipfw.set(1).disable();
    ipfw.set(1).add(100, deny().ip());
    reaches(host, "192.0.2.2");

    ipfw.set(0).swap(ipfw.set(1));
    doesNotReach(host, "192.0.2.2");
    assertThat(ipfw.set(1).enabled()).isFalse();
    ipfw.set(0).disable();
    reaches(host, "192.0.2.2");
    ipfw.set(0).enable();
    ipfw.set(0).delete();
    assertThat(lines()).hasSize(2);
    ipfw.set(1).moveTo(ipfw.set(7));
    assertThat(rule(100).set()).isEqualTo(7);
  }

  @Test
  void the_rules_of_a_disabled_set_are_marked_in_the_list() {
    ipfw.set(1).add(50, deny().udp()).disable();
    ipfw.add(60, count());

    assertThat(lines())
        .startsWith(
            "# DISABLED 00050 set 1 deny udp from any to any", "00060 count ip from any to any");
    assertThat(rule(50).show()).startsWith("# DISABLED 00050 0 0 set 1 deny udp");
    assertThat(RuleSet.parse(ipfw.toString()).rules()).hasSize(1);
    ipfw.set(1).enable();
    assertThat(rule(50)).hasToString("00050 deny udp from any to any");
  }

  @Test
  void what_a_limit_counts_is_printed_as_ipfw_reads_it_and_a_rule_makes_its_table() {
    String words = "allow tcp from table(seen) to any limit src-addr dst-port 10 :default";
    ipfw.add("\tadd\t100\t" + words.replace(' ', '\t'));

    assertThat(lines()).contains("00100 " + words);
    assertThat(ipfw.table("seen").list()).isEmpty();
  }

  @Test
  void the_rules_of_a_set_are_deleted_and_of_an_empty_one_too() {
    IpfwSet set = ipfw.set(7).add(100, deny().udp());

    set.delete().delete();

    assertThat(lines()).noneMatch(line -> line.startsWith("00100"));
    ipfw.flush().flush();
  }

  @Test
  void a_table_takes_what_the_api_returns() {
    Table table = ipfw.table("some").create();

    table.add(List.of(Cidr.parse("192.0.2.9/24"))).add(IpLiteral.parse("198.51.100.7"));
    assertThat(table.list())
        .containsExactly(Cidr.parse("192.0.2.0/24"), Cidr.parse("198.51.100.7/32"));

    table.delete(IpLiteral.parse("198.51.100.7")).delete(table.list());
    assertThat(table.list()).isEmpty();
    table.destroy();
  }

  @Test
  void disabled_it_looks_at_nothing() {
    needsTraffic();
    reaches(host, "192.0.2.2");
    ipfw.add(100, deny().ip());
    doesNotReach(host, "192.0.2.2");

    ipfw.disable();
    assertThat(ipfw.enabled()).isFalse();
    reaches(host, "192.0.2.2");
    ipfw.enable();
    doesNotReach(host, "192.0.2.2");
  }

  @Test
  void what_is_in_a_table_changes_while_the_rules_stay() {
    needsTraffic();
    Table blocked = ipfw.table("blocked").create();
    ipfw.add(100, deny().ip().from(table("blocked")).to(any()).inbound());
    reaches(host, "192.0.2.2");

    blocked.add("192.0.2.0/24", "192.0.2.1", "2001:db8::/32", "192.0.2.0/24");
    doesNotReach(host, "192.0.2.2");
    assertThat(blocked.list())
        .map(Object::toString)
        .containsExactly("192.0.2.0/24", "192.0.2.1/32", "2001:db8::/32");
    blocked.delete("192.0.2.0/24");
    doesNotReach(host, "192.0.2.2");
    blocked.delete("192.0.2.1", "10.0.0.0/8");
    reaches(host, "192.0.2.2");
    assertThatThrownBy(blocked::create).isInstanceOf(Table.ExistsException.class);
    assertThatThrownBy(blocked::destroy).isInstanceOf(Table.BusyException.class);
    ipfw.delete(100);
    blocked.flush().destroy();
    blocked.destroy();
    assertThat(ipfw.tables()).isEmpty();
    assertThatThrownBy(blocked::list).isInstanceOf(Table.NotFoundException.class);
  }

  @Test
  void loaded_denying_it_cuts_all_off_at_once_and_new_jails_too() {
    needsTraffic();
    try (org.vnet4j.Vnet other = sandbox()) {
      notLoaded(other);
      Jail old = other.host().jail("old").create();
      loopback(old);
      reaches(old, "127.0.0.1");
      assertThatThrownBy(() -> other.modules().load("ipfw"))
          .isInstanceOf(Modules.DefaultDenyException.class);
      reaches(old, "127.0.0.1");

      other.modules().loadIpfw(Action.Plain.DENY);

      doesNotReach(old, "127.0.0.1");
      Jail young = other.host().jail("young").create();
      loopback(young);
      doesNotReach(young, "127.0.0.1");
      young.ipfw().add(allow().ip());
      reaches(young, "127.0.0.1");
    }
  }

  @Test
  void a_module_that_is_not_loaded_is_named() {
    try (org.vnet4j.Vnet other = sandbox()) {
      notLoaded(other);
      Jail plain = other.host().jail("plain").create();
      assertThatThrownBy(() -> plain.ipfw().list())
          .isInstanceOf(Modules.NotLoadedException.class)
          .hasMessageContaining("modules().load(\"ipfw\")")
          .hasMessageContaining("jails cannot load");
    }
  }

  @Test
  void what_cannot_be_changes_nothing() {
    ipfw.add(100, allow().tcp());
    List<String> was = lines();
    for (String bad :
        new String[] {
          "0 allow ip from any to any",
          "65535 allow ip from any to any",
          "200 allow tcp from any to any 65536",
          "200 allow ip4 from 2001:db8::1 to any",
          "200 perhaps ip from any to any",
          "200 skipto 100 ip from any to any",
        }) {
      assertThatThrownBy(() -> ipfw.add(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ipfw.load("allow ip from any to any\ndeny tcp from nowhere to any\n"))
        .isInstanceOfSatisfying(
            RuleSyntaxException.class,
            e -> {
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.column()).isEqualTo(15);
            });
    assertThatThrownBy(() -> ipfw.delete(4711)).isInstanceOf(Ipfw.RuleNotFoundException.class);
    assertThat(lines()).isEqualTo(was);
    ipfw.add("300 deny ip from any to any via nosuch0");
  }
}
