// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vnet4j.firewall.Rules.allow;
import static org.vnet4j.firewall.Rules.any;
import static org.vnet4j.firewall.Rules.deny;
import static org.vnet4j.firewall.Rules.nat;
import static org.vnet4j.firewall.Rules.net;
import static org.vnet4j.firewall.Rules.port;
import static org.vnet4j.firewall.Rules.rdr;
import static org.vnet4j.firewall.Rules.table;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.Pf;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.firewall.Table;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.net.Cidr;

/**
 * Tests the commands given to pfctl(8) in a jail, and the parsing of its output. The test plays
 * pfctl.
 */
class FreeBsdPfTest {
  private final SimMachine machine = new SimMachine();
  private final List<String> told = new ArrayList<>();
  private final List<String> jids = new ArrayList<>();
  private StackProgram.Output answer = new StackProgram.Output(0, "", "");
  private String input = "";
  private Vnet vnet;
  private Jail jail;
  private Pf pf;

  @BeforeEach
  void a_jail_with_pf() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "programs are played by pipes of Linux");
    machine.programs.put(
        "pfctl",
        (jid, arguments, text) -> {
          told.add(String.join(" ", arguments));
          jids.add(Integer.toString(jid));
          input = text;
          return answer;
        });
    try (Vnet loader = machine.open()) {
      loader.modules().load("pf");
    }
    vnet = machine.sandbox();
    jail = vnet.host().jail("fw").create();
    pf = jail.pf();
  }

  @AfterEach
  void close() {
    if (vnet != null) {
      vnet.close();
    }
  }

  private void says(String out) {
    answer = new StackProgram.Output(0, out, "");
  }

  private void fails(String err) {
    answer = new StackProgram.Output(1, "", err);
  }

  @Test
  void rules_are_loaded_by_pfctl_in_the_jail() {
    assertThat(vnet.has(Capability.PF)).isTrue();

    pf.load(RuleSet.denying().add(100, allow().tcp().to(any(), port(22)).keepState()));

    assertThat(told).containsExactly("-q -o none -f -");
    assertThat(jids).containsExactly(Integer.toString(jail.jid()));
    assertThat(input)
        .isEqualTo(
            """
            block drop all label "65535"
            pass proto 6 from any to any port 22 flags any keep state label "00100"
            """);
  }

  @Test
  void translations_and_anchors_come_where_pf_wants_them() {
    PfRules rules =
        PfRules.of(RuleSet.allowing().add(100, deny().from(table("bad"))))
            .translate(nat("em0", "192.0.2.1").from(net("10.0.0.0/24")))
            .translate(rdr("em0", "10.0.0.2", 8080).to(any(), port(80)))
            .anchor("web");

    pf.load(rules);

    assertThat(input)
        .isEqualTo(
            """
            table <bad> persist
            nat on em0 from 10.0.0.0/24 to any -> 192.0.2.1
            rdr on em0 proto 6 from any to any port 80 -> 10.0.0.2 port 8080
            nat-anchor "web"
            rdr-anchor "web"
            pass all no state label "65535"
            block drop from <bad> to any label "00100"
            anchor "web"
            """);
  }

  @Test
  void an_anchor_has_no_default_and_uses_the_tables_of_the_main_rules() {
    pf.anchor("web").load(RuleSet.denying().add(100, deny().from(table("bad"))));

    assertThat(told).containsExactly("-a web -q -o none -f -");
    assertThat(input).isEqualTo("block drop from <bad> to any label \"00100\"\n");
  }

  /** FreeBSD 15.1 exits with status 1 and loads the rules nevertheless. */
  @Test
  void where_there_are_no_fingerprints_of_systems_rules_are_loaded_all_the_same() {
    fails("pfctl: /etc/pf.os: No such file or directory\n");

    pf.load(RuleSet.denying());
    assertThat(told).containsExactly("-q -o none -f -");

    fails("pfctl: /etc/pf.os: No such file or directory\nstdin:1: syntax error\n");
    assertThatThrownBy(() -> pf.loadPfConf("blokc all\n"))
        .isInstanceOf(RuleSyntaxException.class)
        .hasMessageContaining("pfctl(8) says: syntax error");
  }

  @Test
  void what_is_no_fault_of_a_line_is_told_as_such() {
    fails("pfctl: DIOCXCOMMIT: Device busy\n");

    assertThatThrownBy(() -> pf.load(RuleSet.denying()))
        .isInstanceOf(VnetException.class)
        .isNotInstanceOf(RuleSyntaxException.class)
        .hasMessage("pfctl -f -: pfctl: DIOCXCOMMIT: Device busy");
  }

  @Test
  void what_pfctl_refuses_is_told_with_its_line() {
    fails("stdin:2: syntax error\npfctl: Syntax error in config file: pf rules not loaded\n");

    assertThatThrownBy(() -> pf.loadPfConf("pass all\nblokc all\n"))
        .isInstanceOfSatisfying(
            RuleSyntaxException.class,
            e -> {
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.word()).isEqualTo("blokc all");
              assertThat(e).hasMessageContaining("pfctl(8) says: syntax error");
            });
  }

  @Test
  void a_rule_that_pf_makes_several_of_is_one_and_counts_together() {
    says(
        """
        @0 pass all no state label "65535"
          [ Evaluations: 2         Packets: 1         Bytes: 84          States: 0     ]
        @1 pass quick inet6 proto ipv6-icmp all icmp6-type routersol no state label "00100"
          [ Evaluations: 2         Packets: 3         Bytes: 100         States: 0     ]
        @2 pass quick inet6 proto ipv6-icmp all icmp6-type routeradv no state label "00100"
          [ Evaluations: 0         Packets: 4         Bytes: 200         States: 0     ]
        @3 block drop in proto icmp all label "00200"
          [ Evaluations: 2         Packets: 2         Bytes: 168         States: 0     ]
        """);

    assertThat(pf.list())
        .extracting(ListedRule::show)
        .containsExactly(
            "00100 7 300 pass quick inet6 proto ipv6-icmp all icmp6-type routersol no state; pass"
                + " quick inet6 proto ipv6-icmp all icmp6-type routeradv no state",
            "00200 2 168 block drop in proto icmp all",
            "65535 1 84 pass all no state");
  }

  @Test
  void rules_are_listed_with_their_numbers_and_counters() {
    says(
        """
        @0 block drop all label "65535"
          [ Evaluations: 12        Packets: 2         Bytes: 168         States: 0     ]
          [ Inserted: uid 0 pid 4711 State Creations: 0     ]
        @1 pass in on em0 proto tcp from any to any port = ssh flags any keep state label "00100"
          [ Evaluations: 12        Packets: 10        Bytes: 1234567890  States: 1     ]
          [ Inserted: uid 0 pid 4711 State Creations: 1     ]
        """);

    List<ListedRule> rules = pf.list();

    assertThat(told).containsExactly("-vv -s rules");
    assertThat(rules)
        .extracting(ListedRule::show)
        .containsExactly(
            "00100 10 1234567890 pass in on em0 proto tcp from any to any port = ssh flags any"
                + " keep state",
            "65535 2 168 block drop all");
  }

  @Test
  void states_are_read_from_whoever_began() {
    says(
        """
        all tcp 192.0.2.2:22 <- 192.0.2.1:40000       ESTABLISHED:ESTABLISHED
        all tcp 10.0.0.2:1025 (192.0.2.1:50000) -> 198.51.100.1:80       SYN_SENT:CLOSED
        all udp 2001:db8::1[53] <- 2001:db8::2[5353]       MULTIPLE:SINGLE
        all ipv6-icmp 2001:db8::1[7] -> 2001:db8::2[128]       0:0
        """);

    assertThat(pf.states())
        .extracting(FirewallState::toString)
        .containsExactly(
            "tcp 192.0.2.1:40000 -> 192.0.2.2:22 ESTABLISHED:ESTABLISHED",
            "tcp 10.0.0.2:1025 -> 198.51.100.1:80 SYN_SENT:CLOSED",
            "udp [2001:db8::2]:5353 -> [2001:db8::1]:53 MULTIPLE:SINGLE",
            "ipv6-icmp [2001:db8::1]:7 -> [2001:db8::2]:128 0:0");
  }

  @Test
  void states_are_killed_and_counted() {
    String states =
        """
        No ALTQ support in kernel
        all icmp 192.0.2.2:8 <- 192.0.2.1:11520       0:0
           age 00:00:01, expires in 00:00:10, 2:2 pkts, 168:168 bytes, rule 0
           id: 0d1b066b00000000 creatorid: 2135f4a6
           origif: epair0b
        all udp 192.0.2.2:8053 (192.0.2.2:53) <- 192.0.2.9:4001       SINGLE:MULTIPLE
           age 00:00:01, expires in 00:00:10, 1:1 pkts, 36:36 bytes, rule 2
           id: 0d1b066b00000001 creatorid: 2135f4a6
        """;
    answer = new StackProgram.Output(0, states, "killed 1 states\n");

    assertThat(pf.killStates("192.0.2.9/32", "0.0.0.0/0")).isEqualTo(1);
    assertThat(told).containsExactly("-vv -s states", "-k id -k 0d1b066b00000001/2135f4a6");
    assertThat(pf.killStates("0.0.0.0/0", "192.0.2.0/24")).isEqualTo(2);
    assertThat(pf.killStates("::/0", "::/0")).isZero();
  }

  @Test
  void it_is_enabled_and_disabled_once_or_twice() {
    says("Status: Enabled for 0 days 00:00:04           Debug: Urgent\n");
    assertThat(pf.enabled()).isTrue();
    says("Status: Disabled for 0 days 00:00:16          Debug: Urgent\n");
    assertThat(pf.enabled()).isFalse();

    fails("pfctl: pf already enabled\n");
    pf.enable();
    fails("pfctl: pf not enabled\n");
    pf.disable();
    fails("pfctl: /dev/pf: Permission denied\n");
    assertThatThrownBy(pf::enable)
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("/dev/pf: Permission denied");
    assertThat(told).endsWith("-e", "-d", "-e");
  }

  @Test
  void tables_are_told_from_those_that_belong_to_rules() {
    says("--a-r--\tbusy\nc-a-r--\tvnet2s\n-pa----\tblocked\n");
    assertThat(pf.tables()).extracting(Table::name).containsExactly("blocked", "busy");
    assertThatThrownBy(() -> pf.table("busy").destroy()).isInstanceOf(Table.BusyException.class);
    assertThatThrownBy(() -> pf.table("other").list()).isInstanceOf(Table.NotFoundException.class);
    assertThatThrownBy(() -> pf.table("blocked").create())
        .isInstanceOf(Table.ExistsException.class);
    told.clear();

    pf.table("blocked").add("192.0.2.0/24", "2001:db8::1/128");

    assertThat(told).containsExactly("-v -s Tables", "-q -t blocked -T add -f -");
    assertThat(input).isEqualTo("192.0.2.0/24\n2001:db8::1/128\n");
  }

  @Test
  void entries_of_a_table_are_read_in_order() {
    machine.programs.put(
        "pfctl",
        (jid, arguments, text) ->
            new StackProgram.Output(
                0,
                arguments.contains("show")
                    ? "   2001:db8::1\n   192.0.2.0/24\n   10.0.0.1\n"
                    : "-pa----\tblocked\n",
                ""));

    assertThat(pf.table("blocked").list())
        .containsExactly(
            Cidr.parse("10.0.0.1/32"), Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::1/128"));
  }

  @Test
  void everything_is_flushed_and_zeroed() {
    pf.flush();
    pf.anchor("web").flush();
    pf.zero();

    assertThat(told).containsExactly("-q -F all", "-a web -q -F all", "-q -z");
  }
}
