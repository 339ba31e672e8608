// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.Ipf;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/**
 * Tests the commands given to ipf(8) and ipfstat(8) in a jail, and the parsing of their output. The
 * test plays both programs.
 */
class FreeBsdIpfTest {
  private static final StackProgram.Output NOTHING = new StackProgram.Output(0, "", "");

  private final SimMachine machine = new SimMachine();
  private final List<String> told = new ArrayList<>();
  private final Map<String, StackProgram.Output> answers = new HashMap<>();
  private final List<String> inputs = new ArrayList<>();
  private Vnet vnet;
  private Jail jail;
  private Ipf ipf;

  @BeforeEach
  void a_jail_with_ipfilter() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"), "programs are played by pipes of Linux");
    for (String name : List.of("ipf", "ipfstat")) {
      machine.programs.put(
          name,
          (jid, arguments, text) -> {
            String command = name + " " + String.join(" ", arguments);
            told.add(jid == jail.jid() ? command : "in stack " + jid + ": " + command);
            inputs.add(text);
            return answers.getOrDefault(command, NOTHING);
          });
    }
    try (Vnet loader = machine.open()) {
      loader.modules().load("ipl");
    }
    vnet = machine.sandbox();
    jail = vnet.host().jail("fw").create();
    ipf = jail.ipf();
  }

  @AfterEach
  void close() {
    if (vnet != null) {
      vnet.close();
    }
  }

  private void says(String command, String out) {
    answers.put(command, new StackProgram.Output(0, out, ""));
  }

  private void fails(String command, int status, String err) {
    answers.put(command, new StackProgram.Output(status, "", err));
  }

  @Test
  void rules_are_loaded_into_the_inactive_set_which_is_then_swapped() {
    assertThat(vnet.has(Capability.IPF)).isTrue();

    ipf.load(RuleSet.denying().add(100, Rule.parse("allow udp from any to any 53 in")));

    assertThat(told).containsExactly("ipf -I -Fa -f -", "ipf -s");
    assertThat(inputs.get(0))
        .endsWith("pass in proto 17 from any to any port = 53" + " set-tag(log=65636)\n");
  }

  @Test
  void what_ipf_refuses_is_told_with_its_line_and_nothing_is_swapped() {
    fails("ipf -I -Fa -f -", 1, "syntax error error at \"blokc\", line 2\n");
    assertThatThrownBy(() -> ipf.loadIpfConf("pass in all\nblokc in all\n"))
        .isInstanceOfSatisfying(
            RuleSyntaxException.class,
            e -> {
              assertThat(e.line()).isEqualTo(2);
              assertThat(e.word()).isEqualTo("blokc in all");
              assertThat(e).hasMessageContaining("ipf(8) says: syntax error");
            });
    fails("ipf -I -Fa -f -", 1, "7:3:ioctl(add/insert rule): rule already exists\n");
    assertThatThrownBy(() -> ipf.loadIpfConf("pass in all\n\npass in all\n"))
        .isInstanceOfSatisfying(RuleSyntaxException.class, e -> assertThat(e.line()).isEqualTo(3));
    fails("ipf -I -Fa -f -", 0, "0:open device: No such file or directory\n");
    assertThatThrownBy(() -> ipf.loadIpfConf("pass in all\n"))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("open device: No such file or directory");

    assertThat(told).doesNotContain("ipf -s");
  }

  @Test
  void a_host_that_keeps_jails_out_is_named_with_its_sysctl() {
    machine.kernel.variable("net.inet.ipf.jail_allowed", 0);
    fails("ipf -V", 1, "open device: Operation not permitted\n");

    assertThatThrownBy(ipf::enabled)
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContaining("sysctl net.inet.ipf.jail_allowed=1");
  }

  @Test
  void lines_of_one_rule_are_listed_together_with_what_they_counted() {
    says(
        "ipfstat -Rhio",
        """
        7 block out from any to any set-tag(log=65535)
        2 pass out proto udp from any to any set-tag(log=65636)
        1 block in from any to any set-tag(log=65535)
        3 pass in proto udp from any to any set-tag(log=65636)
        """);
    says("ipfstat -Rhaio", "4 336 count in inet from any to any set-tag(log=131272)\n");

    assertThat(ipf.list())
        .extracting(ListedRule::show)
        .containsExactly(
            "00100 5 0 pass in proto udp from any to any; pass out proto udp from any to any",
            "00200 4 336 count in inet from any to any",
            "65535 8 0 block in from any to any; block out from any to any");
  }

  @Test
  void rules_of_others_are_counted_in_hundreds_before_the_default_of_the_kernel() {
    answers.put(
        "ipfstat -Rhio",
        new StackProgram.Output(
            0, "9 block out all\n5 block in all\n", "# empty list for ipfilter(in)\n"));
    says("ipf -V", "Running: yes\nDefault: pass all, Logging: available\n");

    assertThat(ipf.list())
        .extracting(ListedRule::show)
        .containsExactly("00100 5 0 block in all", "00200 9 0 block out all", "65535 0 0 pass all");
  }

  @Test
  void states_are_read() {
    says(
        "ipfstat -Rsl",
        """
        4:6 src:192.0.2.1,40000 dst:192.0.2.2,22 state:4/4 863998
        \t1a2b:3c4d 65535<<6:65535<<6
        \tinterfaces: in X[epair0b],X[] out X[],X[]
        6:17 src:2001:db8::1,53 dst:2001:db8::2,* 240
        4:icmp src:192.0.2.1 dst:192.0.2.2 118
        """);

    assertThat(ipf.states())
        .extracting(FirewallState::toString)
        .containsExactly(
            "tcp 192.0.2.1:40000 -> 192.0.2.2:22 4/4",
            "udp [2001:db8::1]:53 -> 2001:db8::2 ",
            "icmp 192.0.2.1 -> 192.0.2.2 ");
  }

  @Test
  void it_is_enabled_flushed_and_zeroed() {
    says("ipf -V", "Running: yes\n");
    ipf.enable();
    ipf.disable();
    says("ipf -V", "Running: no\n");
    ipf.enable();
    ipf.flush();
    says("ipfstat -Rio", "block in all\n");
    says("ipfstat -Raio", "0 count in from any to any\n");
    ipf.zero();

    assertThat(told)
        .containsExactly(
            "ipf -V",
            "ipf -V",
            "ipf -D",
            "ipf -V",
            "ipf -E",
            "ipf -Fa -FS",
            "ipfstat -Rio",
            "ipfstat -Raio",
            "ipf -z -f -");
    assertThat(inputs.get(8)).isEqualTo("block in all\ncount in from any to any\n");
  }
}
