// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.Rule;
import org.vnet4j.freebsd.sim.Fault;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.freebsd.sys.SysctlCalls;
import org.vnet4j.net.Shaping;

/**
 * Tests shaping beside a user's own ipfw rules, and the removal of its pipes and rules with their
 * interfaces.
 */
class FreeBsdShapingTest {
  private static final Shaping SLOW = Shaping.bitsPerSecond(8_000_000);
  private static final int EPERM = 1;
  private static final int MOST_CALLS = 100;

  private final SimMachine machine = new SimMachine().ipfw();
  private final Vnet vnet = machine.sandbox();
  private Jail jail;
  private NetInterface end;

  @BeforeEach
  void lay_a_cable() {
    jail = vnet.host().jail("web").create();
    Epair cable = vnet.host().epair().vnet(jail).create();
    cable.a().inet("192.0.2.1/24").up();
    end = cable.b().inet("192.0.2.2/24").up();
  }

  @AfterEach
  void close() {
    machine.kernel.fault(Fault.NONE);
    vnet.close();
    assertThat(machine.kernel.openDescriptors()).isZero();
  }

  private void assertNothingOfShaping() {
    assertThat(machine.kernel.ruleNumbers(jail.jid())).isEmpty();
    assertThat(machine.kernel.variable(jail.jid(), "net.link.ether.ipfw")).isZero();
    assertThat(machine.kernel.variable(jail.jid(), "net.link.bridge.ipfw")).isZero();
  }

  @Test
  void rules_for_frames_stand_before_the_user_s_and_go_with_the_last_shaping() {
    jail.ipfw().add(100, Rule.parse("deny icmp from any to any"));
    end.shape(SLOW);

    assertThat(machine.kernel.ruleNumbers(jail.jid())).containsExactly(1, 99, 100);
    assertThat(machine.kernel.variable(jail.jid(), "net.link.ether.ipfw")).isOne();
    assertThat(jail.ipfw().list()).hasSize(2);
    assertThatThrownBy(() -> jail.ipfw().delete(1)).isInstanceOf(Ipfw.RuleNotFoundException.class);
    jail.ipfw().flush();
    assertThat(machine.kernel.ruleNumbers(jail.jid())).containsExactly(1, 99);
    assertThat(end.shaping()).isEqualTo(SLOW);

    end.unshape();

    assertNothingOfShaping();
  }

  @Test
  void where_frames_were_shown_to_ipfw_before_they_go_on_to_the_user_s_rules() {
    var process = machine.kernel.process(jail.jid(), 0);
    new SysctlCalls(new Syscalls(process, process::errno)).set("net.link.ether.ipfw", 1);
    process.exit();

    end.shape(SLOW);
    assertThat(machine.kernel.ruleNumbers(jail.jid())).containsExactly(1);
    end.unshape();

    assertThat(machine.kernel.ruleNumbers(jail.jid())).isEmpty();
    assertThat(machine.kernel.variable(jail.jid(), "net.link.ether.ipfw")).isOne();
  }

  @Test
  void a_rule_of_somebody_else_s_in_front_is_told_and_nothing_changed() {
    jail.ipfw().add(50, Rule.parse("allow ip from any to any"));

    assertThatThrownBy(() -> end.shape(SLOW))
        .isInstanceOf(NetInterface.BusyException.class)
        .hasMessageContaining("rule 50");
    assertThat(machine.kernel.ruleNumbers(jail.jid())).containsExactly(50);
    assertThat(end.shaping()).isEqualTo(Shaping.NONE);
  }

  @Test
  void what_dummynet_would_make_something_else_of_is_refused_and_the_old_line_stays() {
    assertThatThrownBy(() -> end.shape(SLOW.queue(101)))
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContaining("pipe_slot_limit");
    assertNothingOfShaping();

    end.shape(SLOW.queue(7));

    assertThatThrownBy(() -> end.shape(SLOW.queue(101)))
        .isInstanceOf(Vnet.UnsupportedException.class);
    assertThatThrownBy(() -> end.shape(SLOW.delay(Duration.ofNanos(1_500_000))))
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContaining("milliseconds");
    assertThat(end.shaping()).isEqualTo(SLOW.queue(7));
  }

  @Test
  void a_rename_keeps_it_and_another_interface_of_the_name_has_none() {
    String name = end.name();
    end.shape(SLOW).rename("eth0");
    assertThat(end.shaping()).isEqualTo(SLOW);

    Epair other = vnet.host().epair().vnet(jail).create();
    if (!other.b().name().equals(name)) {
      other.b().rename(name);
    }
    assertThat(other.b().shaping()).isEqualTo(Shaping.NONE);
    assertThat(end.shaping()).isEqualTo(SLOW);

    end.destroy();

    assertNothingOfShaping();
  }

  @Test
  void several_lines_of_a_stack_are_told_apart() {
    NetInterface other = vnet.host().epair().vnet(jail).create().b();
    end.shape(SLOW);
    other.shape(SLOW.loss(0.5));

    assertThat(end.shaping()).isEqualTo(SLOW);
    assertThat(other.shaping()).isEqualTo(SLOW.loss(0.5));
    end.unshape();
    assertThat(other.shaping()).isEqualTo(SLOW.loss(0.5));
    assertThat(machine.kernel.ruleNumbers(jail.jid())).containsExactly(2, 99);
  }

  @Test
  void whichever_call_fails_nothing_is_left_of_the_attempt() {
    int failed = 0;
    for (int nth = 0; nth < MOST_CALLS; nth++) {
      int[] left = {nth};
      machine.kernel.fault(
          (number, call) -> call.matches("[gs]etsockopt") && left[0]-- == 0 ? EPERM : 0);
      try {
        end.shape(SLOW);
        break;
      } catch (VnetException e) {
        failed++;
        machine.kernel.fault(Fault.NONE);
        assertNothingOfShaping();
        assertThat(end.shaping()).isEqualTo(Shaping.NONE);
      }
    }
    machine.kernel.fault(Fault.NONE);
    assertThat(failed).isBetween(5, MOST_CALLS - 1);
    assertThat(end.shaping()).isEqualTo(SLOW);
  }

  @Test
  void what_a_bridge_forwards_is_shaped_too() {
    assumeTrue(SimMachine.lacks().isEmpty(), "nothing to send by");
    Jail one = vnet.host().jail("one").create();
    Jail two = vnet.host().jail("two").create();
    Epair left = one.epair().vnet(jail).create();
    Epair right = two.epair().vnet(jail).create();
    left.a().inet("198.51.100.1/24").up();
    right.a().inet("198.51.100.2/24").up();
    Bridge bridge = jail.bridge().create();
    bridge.add(left.b().up()).add(right.b().up()).up();

    left.b().shape(Shaping.NONE.delay(Duration.ofMillis(50)));

    assertThat(one.ping("198.51.100.2").count(2).run().min())
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void before_14_there_is_none() {
    SimMachine old = new SimMachine().release(1_302_001).ipfw();
    try (Vnet before = old.sandbox()) {
      assertThat(before.has(Capability.SHAPE_RATE)).isFalse();
      NetInterface iface = before.host().epair().create().a();
      assertThatThrownBy(() -> iface.shape(SLOW))
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("FreeBSD 14");
      assertThat(iface.shaping()).isEqualTo(Shaping.NONE);
    }
  }
}
