// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.freebsd.sim.Fault;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/**
 * Tests that a program closes its sockets in a jail that another program removes, without being
 * asked.
 */
class JailEndWatcherTest {
  private static final int ENOMEM = 12;

  private final SimMachine machine = new SimMachine();
  private final Set<String> before = machine.leftovers();
  private final SimProcess other = machine.kernel.process();
  private final Set<Thread> others = waiting();

  /** FreeBSD 15 notifies of the removal; before it, the library polls every second. */
  @ParameterizedTest
  @ValueSource(ints = {1_302_001, 1_400_507, 1_501_502})
  void a_jail_and_one_in_it_that_others_remove(int release) {
    machine.release(release);
    try (Vnet vnet = machine.open()) {
      Jail outer = vnet.host().jail("outer").childrenMax(1).create();
      outer.jail("inner").create().ifconfig();
      Jail stays = vnet.host().jail("stays").persist().create();
      stays.ifconfig();

      other.jail_remove(outer.jid());
      awaitJails("stays");
      other.jail_remove(stays.jid());
      awaitJails();
    }
    nothingIsLeft();
  }

  @Test
  void a_jail_of_others_in_which_this_program_looked() {
    try (Vnet theirs = machine.open();
        Vnet ours = machine.open()) {
      Jail jail = theirs.host().jail("theirs").create();
      ours.findJail(jail.jid()).orElseThrow().ifconfig();
      jail.remove();
      assertThat(machine.kernel.jails()).as("kept by a socket").isEmpty();
    }
    nothingIsLeft();
  }

  /** If the kernel refuses to notify, the sockets are closed at the next use of the jail. */
  @ParameterizedTest
  @CsvSource({"kqueue,1", "kevent,1", "kevent,2"})
  void a_kernel_that_refuses_to_tell(String refused, int nth) {
    AtomicInteger seen = new AtomicInteger();
    machine.kernel.fault(
        (number, call) -> call.equals(refused) && seen.incrementAndGet() == nth ? ENOMEM : 0);
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("web").create();
      jail.ifconfig();
      machine.kernel.fault(Fault.NONE);
      other.jail_remove(jail.jid());
      assertThat(jail.exists()).isFalse();
      assertThat(machine.kernel.jails()).isEmpty();
    }
    nothingIsLeft();
  }

  /** If the wait fails, the next jail that is held restarts it, for the earlier jails too. */
  @ParameterizedTest
  @ValueSource(strings = {"poll", "kevent"})
  void a_wait_that_fails(String failing) {
    AtomicInteger seen = new AtomicInteger();
    try (Vnet vnet = machine.open()) {
      Jail first = vnet.host().jail("first").create();
      Jail second = vnet.host().jail("second").create();
      machine.kernel.faultOfWaiting(
          (number, call) -> call.equals(failing) && seen.incrementAndGet() == 1 ? ENOMEM : 0);
      other.jail_remove(second.jid());
      Await.until("the thread ends", () -> threads() == 0);
      Jail third = vnet.host().jail("third").create();
      other.jail_remove(first.jid());
      awaitJails("third");
      assertThat(third.exists()).isTrue();
    }
    nothingIsLeft();
  }

  @Test
  void a_wait_that_can_be_ended_at_the_second_attempt_only() {
    Vnet vnet = machine.open();
    vnet.host().jail("web").create();
    Await.until("the thread waits", () -> waiting().stream().anyMatch(JailEndWatcherTest::sleeps));
    AtomicInteger seen = new AtomicInteger();
    machine.kernel.fault(
        (number, call) -> call.equals("kevent") && seen.incrementAndGet() == 1 ? ENOMEM : 0);
    vnet.close();
    machine.kernel.fault(Fault.NONE);
    assertThat(seen.get()).isGreaterThan(1);
    nothingIsLeft();
  }

  private static boolean sleeps(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }

  @Test
  void no_thread_waits_where_no_jail_is_held_nor_after_the_end() {
    try (Vnet vnet = machine.open()) {
      vnet.host().epair().create().destroy();
      assertThat(threads()).isZero();
      vnet.host().jail("web").create();
      vnet.host().jail("db").create();
      assertThat(threads()).isOne();
    }
    assertThat(threads()).isZero();
    nothingIsLeft();
  }

  /** Returns the number of waiting threads, without those of other tests. */
  private long threads() {
    return waiting().stream().filter(thread -> !others.contains(thread)).count();
  }

  private static Set<Thread> waiting() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("vnet-jail-ends"))
        .collect(Collectors.toSet());
  }

  private void awaitJails(String... names) {
    List<String> wanted = List.of(names);
    assertThat(Await.until(machine.kernel::jails, wanted::equals)).isEqualTo(wanted);
  }

  private void nothingIsLeft() {
    other.exit();
    assertThat(machine.leftovers()).isEqualTo(before);
  }
}
