// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Trial;
import org.vnet4j.freebsd.sim.Fault;
import org.vnet4j.freebsd.sim.machine.SimHelper;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.StackParts;

/** Tests trials; the programs of pf and ipfilter are played. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "programs are played by pipes of Linux")
class FreeBsdTrialTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final RuleSet OLD = RuleSet.allowing().add(100, Rules.deny().tcp());
  private static final RuleSet NEW = RuleSet.denying().add(200, Rules.allow().udp());

  private final SimMachine machine = new SimMachine();

  FreeBsdTrialTest() {
    PlayedFirewalls.on(machine, program -> 0);
    try (Vnet loader = machine.open()) {
      loader.modules().loadIpfw(Action.Plain.ALLOW);
      loader.modules().load("pf");
      loader.modules().load("ipl");
    }
  }

  enum Firewall {
    PF(
        jail -> jail.pf().list(),
        jail -> jail.pf().load(OLD),
        (jail, limit) -> jail.pf().loadOnTrial(PfRules.of(NEW), limit),
        jail -> jail.pf().flush()),
    IPFW(
        jail -> jail.ipfw().list(),
        jail -> jail.ipfw().load(OLD),
        (jail, limit) -> jail.ipfw().loadOnTrial(NEW, limit),
        jail -> jail.ipfw().flush()),
    IPF(
        jail -> jail.ipf().list(),
        jail -> jail.ipf().load(OLD),
        (jail, limit) -> jail.ipf().loadOnTrial(NEW, limit),
        jail -> jail.ipf().flush());

    final Function<Jail, List<ListedRule>> list;
    final Function<Jail, Object> load;
    final Tried tried;
    final Function<Jail, Object> flush;

    interface Tried {
      Trial of(Jail jail, Duration limit);
    }

    Firewall(
        Function<Jail, List<ListedRule>> list,
        Function<Jail, Object> load,
        Tried tried,
        Function<Jail, Object> flush) {
      this.list = list;
      this.load = load;
      this.tried = tried;
      this.flush = flush;
    }

    String rules(Jail jail) {
      return list.apply(jail).stream().filter(ListedRule::enabled).toList().toString();
    }
  }

  @ParameterizedTest
  @EnumSource
  void new_rules_hold_until_the_old_ones_are_restored(Firewall firewall) {
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("fw").create();
      firewall.load.apply(jail);
      String old = firewall.rules(jail);

      Trial trial = firewall.tried.of(jail, LONG);
      assertThat(firewall.rules(jail)).isNotEqualTo(old);
      trial.restore();

      assertThat(firewall.rules(jail)).isEqualTo(old);
    }
  }

  @ParameterizedTest
  @EnumSource
  void confirmed_rules_stay(Firewall firewall) {
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("fw").create();
      firewall.load.apply(jail);

      String tried;
      try (Trial trial = firewall.tried.of(jail, LONG)) {
        tried = firewall.rules(jail);
        trial.confirm();
      }

      assertThat(firewall.rules(jail)).isEqualTo(tried);
      firewall.load.apply(jail);
    }
  }

  @ParameterizedTest
  @EnumSource
  void unconfirmed_rules_give_way_when_the_time_is_up(Firewall firewall)
      throws InterruptedException {
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("fw").create();
      firewall.load.apply(jail);
      String old = firewall.rules(jail);

      Trial trial = firewall.tried.of(jail, Duration.ofMillis(300));
      while (!firewall.rules(jail).equals(old)) {
        Thread.sleep(20);
      }

      assertThatThrownBy(trial::confirm).isInstanceOf(Trial.TooLateException.class);
      firewall.load.apply(jail);
    }
  }

  /** The helper sees the end of its program, however it came, by the end of their socket. */
  @ParameterizedTest
  @EnumSource
  void unconfirmed_rules_give_way_when_the_program_ends(Firewall firewall) {
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("fw").create();
      firewall.load.apply(jail);
      String old = firewall.rules(jail);
      Vnet other = machine.open(machine.kernel.process(), false);
      firewall.tried.of(other.findJail("fw").orElseThrow(), LONG);
      assertThat(firewall.rules(jail)).isNotEqualTo(old);

      other.close();

      assertThat(firewall.rules(jail)).isEqualTo(old);
    }
  }

  @ParameterizedTest
  @EnumSource
  void unconfirmed_rules_give_way_when_the_vnet_is_closed_after_its_helper_was_killed(
      Firewall firewall) {
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("fw").persist().create();
      firewall.load.apply(jail);
      String old = firewall.rules(jail);
      Vnet other = machine.open();
      firewall.tried.of(other.findJail("fw").orElseThrow(), LONG);
      machine.killHelper();
      assertThat(firewall.rules(jail)).isNotEqualTo(old);

      other.close();

      assertThat(firewall.rules(jail)).isEqualTo(old);
      jail.remove();
    }
  }

  @Test
  void nothing_stays_open_of_a_trial_of_the_host_whose_helper_was_killed() {
    try (Vnet vnet = machine.open()) {
      vnet.host().ipfw().load(OLD);
    }
    Set<String> before = machine.leftovers();
    try (Vnet vnet = machine.open()) {
      vnet.host().ipfw().loadOnTrial(NEW, LONG);
      machine.killHelper();
    }

    assertThat(machine.leftovers()).isEqualTo(before);
    try (Vnet vnet = machine.open()) {
      assertThat(vnet.host().ipfw().list())
          .anyMatch(rule -> rule.number() == 100 && rule.enabled());
    }
  }

  @ParameterizedTest
  @EnumSource
  void unconfirmed_rules_give_way_when_the_jail_cannot_be_removed(Firewall firewall) {
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("fw").create();
      firewall.load.apply(jail);
      String old = firewall.rules(jail);
      String all = firewall.list.apply(jail).toString();

      for (boolean confirm : new boolean[] {true, false}) {
        Trial trial = firewall.tried.of(jail, LONG);
        machine.kernel.fault((number, call) -> call.equals("jail_remove") ? 1 : 0);
        assertThatThrownBy(jail::remove).isInstanceOf(Vnet.NotPermittedException.class);
        machine.kernel.fault(Fault.NONE);

        assertThat(firewall.rules(jail)).isEqualTo(old);
        if (confirm) {
          assertThatThrownBy(trial::confirm)
              .isInstanceOf(Trial.TooLateException.class)
              .hasMessageContaining("a removal of the jail ended the trial")
              .hasNoSuppressedExceptions();
        }
        trial.close();
        assertThat(firewall.list.apply(jail)).hasToString(all);
      }
    }
  }

  /** The trial of the child is cancelled first; the answer about that of the parent is an error. */
  @Test
  void a_removal_that_fails_half_way_restores_the_rules_whose_trial_it_had_cancelled() {
    AtomicInteger cancelled = new AtomicInteger();
    FreeBsdKernel session =
        session(
            call -> {
              if (call.equals("cancel") && cancelled.incrementAndGet() == 2) {
                throw new VnetException("no");
              }
            });
    try (Vnet vnet = StackParts.vnet(session)) {
      Jail parent = vnet.host().jail("fw").childrenMax(1).create();
      Jail child = parent.jail("child").create();
      for (Jail jail : List.of(parent, child)) {
        jail.ipfw().load(OLD);
        jail.ipfw().loadOnTrial(NEW, LONG);
      }

      assertThatThrownBy(parent::remove).hasMessage("no");

      assertThat(child.ipfw().list()).anyMatch(rule -> rule.number() == 100 && rule.enabled());
    }
  }

  /** Opens a session with a helper whose answers are observed. */
  private FreeBsdKernel session(Consumer<String> answered) {
    SimHelper helper = new SimHelper(machine.kernel, machine.process);
    InvocationHandler observer =
        (self, method, arguments) -> {
          try {
            Object answer = method.invoke(helper, arguments);
            answered.accept(method.getName());
            return answer;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return FreeBsdKernel.open(
        new Syscalls(machine.process, machine.process::errno),
        () ->
            (Helper)
                Proxy.newProxyInstance(
                    Helper.class.getClassLoader(), new Class<?>[] {Helper.class}, observer),
        new OpenRequest(false, "test", Set.of()));
  }

  @Test
  void a_stack_that_is_being_closed_can_be_used_to_restore_rules() {
    FreeBsdKernel session =
        session(
            call -> {
              if (call.equals("cancel")) {
                throw new Helper.LostException("killed");
              }
            });
    FreeBsdStack stack = session.stack(Kernel.HOST);
    List<Integer> used = new CopyOnWriteArrayList<>();
    try (Fd socket = stack.anotherRaw()) {
      stack
          .deferredActions()
          .arm(
              LONG,
              new Helper.Deferred.SetOption(socket, 0, 0, new byte[0]),
              () -> {
                new Thread(() -> used.add(stack.raw(fd -> fd))).start();
                Await.until("the other thread has used the stack", () -> !used.isEmpty());
              });
    }

    session.close();

    assertThat(used).hasSize(1);
  }

  @Test
  void rules_that_pfctl_cannot_load_again_are_not_put_aside_for_a_trial() {
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("fw").create();
      jail.pf().loadPfConf("pass all label \"unloadable\"\n");
      String old = jail.pf().toString();

      assertThatThrownBy(() -> jail.pf().loadOnTrial(PfRules.of(NEW), LONG))
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("stdin:1: syntax error");

      assertThat(jail.pf().toString()).isEqualTo(old);
    }
  }

  @Test
  void the_way_back_of_pf_has_tables_normalization_translations_and_rules() {
    Map<String, String> inputs = new HashMap<>();
    Map<String, String> answers =
        Map.of(
            "-v -s Tables", "c-a-r--\tvnet2s\n-pa----\tblocked\n--a-r--\tbusy\n--i-r--\told\n",
            "-q -t vnet2s -T show", "   192.0.2.1\n   2001:db8::/32\n",
            "-s rules", "scrub in all fragment reassemble\npass all no state label \"65535\"\n",
            "-s nat", "nat on em0 inet from 10.0.0.0/24 to any -> 192.0.2.1\n");
    machine.programs.put(
        "pfctl",
        (jid, arguments, input) -> {
          String command = String.join(" ", arguments);
          inputs.put(command, input);
          return new StackProgram.Output(0, answers.getOrDefault(command, ""), "");
        });
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("fw").create();

      Trial trial = jail.pf().loadOnTrial(PfRules.of(NEW), LONG);
      assertThat(inputs.get("-q -o none -N -R -T load -f -"))
          .isEqualTo(
              """
              table <busy> persist
              block drop all label "65535"
              pass proto 17 from any to any no state label "00200"
              """);
      trial.restore();

      String old =
          """
          table <blocked> persist
          table <busy>
          table <vnet2s> const { 192.0.2.1, 2001:db8::/32 }
          scrub in all fragment reassemble
          nat on em0 inet from 10.0.0.0/24 to any -> 192.0.2.1
          pass all no state label "65535"
          """;
      assertThat(inputs.get("-n -q -o none -N -R -T load -f -")).isEqualTo(old);
      assertThat(inputs.get("-q -o none -N -R -T load -f -")).isEqualTo(old);
    }
  }

  @ParameterizedTest
  @EnumSource
  void during_a_trial_other_changes_are_refused(Firewall firewall) {
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("fw").create();
      firewall.load.apply(jail);
      String old = firewall.rules(jail);
      Trial trial = firewall.tried.of(jail, LONG);
      String tried = firewall.rules(jail);

      assertThatThrownBy(() -> firewall.load.apply(jail))
          .isInstanceOf(Trial.InProgressException.class)
          .hasMessageContaining("until 20");
      assertThatThrownBy(() -> firewall.tried.of(jail, LONG))
          .isInstanceOf(Trial.InProgressException.class);
      assertThatThrownBy(() -> firewall.flush.apply(jail))
          .isInstanceOf(Trial.InProgressException.class);

      assertThat(firewall.rules(jail)).isEqualTo(tried);
      trial.restore();
      assertThat(firewall.rules(jail)).isEqualTo(old);
    }
  }
}
