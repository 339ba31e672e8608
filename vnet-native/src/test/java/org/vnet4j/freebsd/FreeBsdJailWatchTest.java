// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.Jail;
import org.vnet4j.JailEvent;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;
import org.vnet4j.event.EventStream;
import org.vnet4j.freebsd.jail.KqueueJailWatch;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.spi.JailWatch;

/**
 * Tests that a Vnet reports jails that other programs create and remove: at once where the kernel
 * notifies, by polling elsewhere.
 */
@Timeout(240)
class FreeBsdJailWatchTest {
  private final SimMachine machine = new SimMachine();

  private static void comeAndGo(Vnet here, Vnet other) {
    Ear ear = new Ear(here);
    for (int i = 0; i < 2; i++) {
      Jail jail = other.host().jail("web" + i).persist().childrenMax(2).create();
      ear.hears("+web" + i);
      jail.jail("sub").persist().create();
      ear.hears("+web" + i + ".sub");
      jail.remove();
      ear.hears("-web" + i + ".sub", "-web" + i);
    }
    ear.events.close();
  }

  /** Whatever is reported here is reported because of an event: no wait ends by its timeout. */
  @Test
  void on_15_jails_of_others_and_jails_in_them_are_told_at_once() throws Exception {
    machine.kernel.withoutTimeouts();
    try (JailWatch watch =
        KqueueJailWatch.of(new Syscalls(machine.process, machine.process::errno))) {
      assertThat(watch).isInstanceOf(KqueueJailWatch.class);
    }
    try (Vnet here = machine.open();
        Vnet other = machine.open()) {
      comeAndGo(here, other);
    }
  }

  @Test
  void on_14_they_are_looked_for() throws Exception {
    machine.release(1_400_000);
    try (Vnet here = machine.open();
        Vnet other = machine.open()) {
      comeAndGo(here, other);
    }
  }

  @Test
  void the_death_of_the_program_that_a_jail_lived_by_is_told() throws Exception {
    SimProcess program = machine.kernel.process(0, 0);
    try (Vnet here = machine.open()) {
      Vnet other = machine.open(program, false);
      Ear ear = new Ear(here);
      other.host().jail("web").create();
      ear.hears("+web");
      program.exit();
      ear.hears("-web");
      ear.events.close();
    }
  }

  @Test
  void many_jails_at_once_are_told_and_nothing_is_left_open() throws Exception {
    int descriptors = machine.kernel.openDescriptors();
    try (Vnet here = machine.open();
        Vnet other = machine.open()) {
      Ear ear = new Ear(here);
      List<String> made = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        other.host().jail("many" + i).persist().create();
        made.add("+many" + i);
      }
      ear.hears(made.toArray(String[]::new));
      other.jails().forEach(Jail::remove);
      ear.hears(made.stream().map(one -> "-" + one.substring(1)).toArray(String[]::new));
    }
    // The thread that waits for events closes the last descriptor when its wait ends.
    Await.until("as many descriptors", () -> machine.kernel.openDescriptors() == descriptors);
  }

  private static final class Ear {
    final EventStream<JailEvent> events;

    Ear(Vnet vnet) {
      events = vnet.events().open();
    }

    void hears(String... expected) {
      Set<String> missing = new HashSet<>(Set.of(expected));
      while (!missing.isEmpty()) {
        missing.remove(
            said(events.await(one -> missing.contains(said(one)), Duration.ofMinutes(1))));
      }
    }

    private static String said(JailEvent event) {
      return event instanceof JailEvent.Created created
          ? "+" + created.name()
          : "-" + ((JailEvent.Removed) event).name();
    }
  }
}
