// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vnet4j.firewall.Rules.allow;
import static org.vnet4j.firewall.Rules.any;
import static org.vnet4j.firewall.Rules.checkState;
import static org.vnet4j.firewall.Rules.count;
import static org.vnet4j.firewall.Rules.deny;
import static org.vnet4j.firewall.Rules.me;
import static org.vnet4j.firewall.Rules.port;
import static org.vnet4j.firewall.Rules.table;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.firewall.Table;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.net.Cidr;
import org.vnet4j.probe.PingResult;

/** Tests ipfw in a jail's stack, on a simulated kernel that answers IP_FW3 in bytes. */
class FreeBsdIpfwTest {
  private static final int ENOENT = 2;

  /**
   * The last call but one of a load of two rules: list, sets, disable, add, add, swap, delete,
   * enable.
   */
  private static final int LAST_BUT_ONE_CALL = 7;

  private static final String DEFAULT = "65535 allow ip from any to any";

  /** Tests that hold on every release. */
  abstract static class AnyRelease {
    final SimMachine machine;
    final Vnet vnet;
    final Jail jail;
    final Ipfw ipfw;

    AnyRelease(int release) {
      machine = new SimMachine().release(release).ipfw();
      vnet = machine.sandbox();
      jail = vnet.host().jail("fw").create();
      ipfw = jail.ipfw();
    }

    @AfterEach
    void close() {
      vnet.close();
      assertThat(machine.kernel.jails()).isEmpty();
    }

    private List<String> listed() {
      return ipfw.list().stream().map(ListedRule::toString).toList();
    }

    @Test
    void a_fresh_stack_has_the_default_rule() {
      assertThat(vnet.has(Capability.IPFW)).isTrue();
      assertThat(listed()).containsExactly(DEFAULT);
      assertThat(ipfw.list().get(0).set()).isEqualTo(31);
      assertThat(ipfw.enabled()).isTrue();
      assertThat(ipfw.set(31).enabled()).isTrue();
    }

    @Test
    void rules_are_added_listed_and_deleted() {
      assertThat(ipfw.add(100, deny())).hasToString("00100 deny ip from any to any");
      assertThat(ipfw.add(allow().tcp().from(any()).to(me(), port(22)).setup().keepState()))
          .hasToString("00200 allow tcp from any to me 22 setup keep-state :default");
      ipfw.add("150 " + checkState("web"));

      assertThat(listed())
          .containsExactly(
              "00100 deny ip from any to any",
              "00150 check-state :web",
              "00200 allow tcp from any to me 22 setup keep-state :default",
              DEFAULT);

      ipfw.delete(150);
      assertThatThrownBy(() -> ipfw.delete(150)).isInstanceOf(Ipfw.RuleNotFoundException.class);
      ipfw.flush();
      assertThat(listed()).containsExactly(DEFAULT);
    }

    @Test
    void rules_of_one_stack_are_not_another_s() {
      ipfw.add(100, deny());

      assertThat(vnet.host().ipfw().list()).hasSize(1);
      assertThat(vnet.host().jail("other").create().ipfw().list()).hasSize(1);
    }

    @Test
    void a_rule_set_is_loaded_in_one_step() {
      ipfw.add(100, deny());
      ipfw.set(5).add(300, count());
      ipfw.set(5).disable();

      ipfw.load(RuleSet.denying().add(10, allow().tcp()).add(20, count()));

      assertThat(listed())
          .containsExactly(
              "00010 allow tcp from any to any",
              "00020 count ip from any to any",
              "# DISABLED 00300 set 5 count ip from any to any",
              "65534 deny ip from any to any",
              DEFAULT);
      assertThat(ipfw.list()).extracting(ListedRule::set).containsExactly(0, 0, 5, 0, 31);
      assertThat(ipfw.set(5).enabled()).isFalse();
      assertThat(ipfw.set(30).enabled()).isTrue();

      ipfw.load(RuleSet.allowing());
      assertThat(listed())
          .containsExactly("# DISABLED 00300 set 5 count ip from any to any", DEFAULT);
    }

    @Test
    void a_load_that_fails_leaves_the_old_rules() {
      ipfw.add(100, deny());
      RuleSet wanted = RuleSet.allowing().add(10, allow().tcp()).add(20, count());

      for (int failing = 1; failing <= LAST_BUT_ONE_CALL; failing++) {
        int number = failing;
        machine.kernel.fault((n, call) -> n == number ? ENOENT : 0);
        assertThatThrownBy(() -> ipfw.load(wanted))
            .as("call %d", failing)
            .isInstanceOf(VnetException.class);
        machine.kernel.fault(org.vnet4j.freebsd.sim.Fault.NONE);

        assertThat(listed()).containsExactly("00100 deny ip from any to any", DEFAULT);
        assertThat(ipfw.set(30).enabled()).isTrue();
      }
    }

    @Test
    void sets_are_enabled_disabled_swapped_and_moved() {
      ipfw.set(3).disable().add(100, deny());
      assertThat(ipfw.set(3).enabled()).isFalse();

      ipfw.set(3).swap(ipfw.set(4));
      assertThat(ipfw.list().get(0).set()).isEqualTo(4);
      ipfw.set(4).moveTo(ipfw.set(7));
      assertThat(ipfw.list().get(0).set()).isEqualTo(7);
      ipfw.set(3).enable();
      assertThat(ipfw.set(3).enabled()).isTrue();
      ipfw.set(7).delete();
      assertThat(listed()).containsExactly(DEFAULT);
    }

    @Test
    void a_number_is_deleted_in_enabled_sets_alone() {
      ipfw.add(100, deny());
      ipfw.set(9).disable().add(100, count());

      ipfw.delete(100);

      assertThat(ipfw.list()).extracting(ListedRule::set).containsExactly(9, 31);
    }

    /** The calls of a delete are: look for a trial, list the sets, list the rules, delete. */
    @Test
    void a_number_in_several_sets_goes_all_or_not_at_all_and_otherwise_the_error_tells() {
      ipfw.add(100, deny());
      ipfw.set(3).add(100, count());
      ipfw.set(9).disable();
      for (int failing = 1; failing <= 4; failing++) {
        failDelete(failing);
        assertThat(ipfw.list()).extracting(ListedRule::set).containsExactly(0, 3, 31);
      }
      ipfw.set(9).add(100, count()); // must remain, so each set needs a request of its own

      VnetException failure = failDelete(5);

      assertThat(failure.getSuppressed()[0]).hasMessageContaining("in the sets [0] are deleted");
      assertThat(ipfw.list()).extracting(ListedRule::set).containsExactly(3, 9, 31);
    }

    private VnetException failDelete(int failing) {
      machine.kernel.fault((n, call) -> n == failing ? ENOENT : 0);
      try {
        return catchThrowableOfType(VnetException.class, () -> ipfw.delete(100));
      } finally {
        machine.kernel.fault(org.vnet4j.freebsd.sim.Fault.NONE);
      }
    }

    @Test
    void tables_hold_addresses_of_both_families() {
      Table blocked = ipfw.table("blocked").create();
      assertThatThrownBy(blocked::create).isInstanceOf(Table.ExistsException.class);

      blocked.add("192.0.2.0/24", "2001:db8::/32", "10.0.0.1/32").add("10.0.0.1/32");
      assertThat(blocked.list())
          .containsExactly(
              Cidr.parse("10.0.0.1/32"), Cidr.parse("192.0.2.0/24"), Cidr.parse("2001:db8::/32"));
      blocked.delete("10.0.0.1/32", "10.0.0.2/32");
      assertThat(blocked.list()).hasSize(2);
      assertThat(ipfw.tables()).hasSize(1);

      ipfw.add(100, deny().from(table("blocked")));
      assertThat(listed()).first().isEqualTo("00100 deny ip from table(blocked) to any");
      assertThatThrownBy(blocked::destroy).isInstanceOf(Table.BusyException.class);
      ipfw.delete(100);
      assertThat(blocked.flush().list()).isEmpty();
      blocked.destroy();
      assertThat(blocked.exists()).isFalse();
      assertThatThrownBy(blocked::list).isInstanceOf(Table.NotFoundException.class);
      assertThatThrownBy(() -> blocked.add("10.0.0.1/32"))
          .isInstanceOf(Table.NotFoundException.class);
      blocked.destroy();
      assertThat(blocked.exists()).isFalse();
    }

    @Test
    void what_a_neutral_rule_cannot_say_goes_by_the_program_and_is_listed_in_its_words() {
      ipfw.addWords("830 nat 1 ip from any to any");
      ipfw.add(840, count());

      assertThat(listed())
          .containsExactly(
              "00830 nat 1 ip from any to any", "00840 count ip from any to any", DEFAULT);
      assertThat(ipfw.list().get(0).rule()).isEmpty();
      assertThatThrownBy(() -> ipfw.addWords("100 allow ip from any to any nonsense"))
          .isInstanceOf(RuleSyntaxException.class)
          .hasMessageContaining("unrecognised option")
          .hasMessageContaining("nonsense");
    }

    @Test
    void a_jail_that_denies_everything_cannot_send_and_is_recovered_by_its_handle() {
      Epair cable = vnet.host().epair().vnet(jail).create();
      cable.a().inet("192.0.2.1/24").up();
      cable.b().inet("192.0.2.2/24").up();
      assertThat(jail.ping("192.0.2.1").count(1).run().isAnswered()).isTrue();

      ipfw.add(100, deny());

      PingResult refused = jail.ping("192.0.2.1").count(1).run();
      assertThat(refused.sent()).isZero();
      assertThat(refused.problem()).contains("sendto: Permission denied");
      PingResult lost =
          vnet.host().ping("192.0.2.2").count(1).timeout(Duration.ofMillis(100)).run();
      assertThat(lost.isAnswered()).isFalse();
      assertThat(ipfw.list().get(0).show()).startsWith("00100 2 168 deny");

      ipfw.disable();
      assertThat(ipfw.enabled()).isFalse();
      assertThat(jail.ping("192.0.2.1").count(1).run().isAnswered()).isTrue();
      ipfw.enable().delete(100);
      assertThat(jail.ping("192.0.2.1").count(1).run().isAnswered()).isTrue();
      ipfw.zero();
      assertThat(ipfw.list().get(0).packets()).isZero();
    }
  }

  @Nested
  class On15 extends AnyRelease {
    On15() {
      super(1_501_000);
    }
  }

  @Nested
  class On14 extends AnyRelease {
    On14() {
      super(1_403_000);
    }
  }

  @Test
  void without_the_module_the_error_tells_what_to_load() {
    try (Vnet vnet = new SimMachine().sandbox()) {
      assertThatThrownBy(() -> vnet.host().ipfw().list())
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("kldload ipfw");
    }
  }
}
