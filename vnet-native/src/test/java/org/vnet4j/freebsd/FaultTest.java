// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.ioctl.InterfaceAbi;
import org.vnet4j.freebsd.ioctl.InterfaceCalls;
import org.vnet4j.freebsd.jail.JailAbi;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.jail.JailParametersTest;
import org.vnet4j.freebsd.sim.Fault;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;

/**
 * Interrupts or fails each system call of a scenario, and lets other programs act just before a
 * call.
 */
class FaultTest {
  private static final int ENOMEM = 12;

  private final SimMachine machine = new SimMachine();

  /** Uses every part of the provider once, and undoes what close() does not. */
  private static void scenario(Vnet vnet) {
    Jail outer = vnet.host().jail("outer").childrenMax(1).hostname("outer.example").create();
    Jail inner = outer.jail("inner").param("allow.raw_sockets", true).create();
    Jail other = vnet.host().jail("other").persist().create();
    Epair cable = vnet.host().epair().names("left", "right").vnet(outer).create();
    cable.a().inet("192.0.2.1/24").inet6("2001:db8::1/64").description("a cable").up();
    cable.b().vnet(inner).vnet(other);
    cable.b().inet("192.0.2.2/24").mtu(1400).up();
    other.routes().add("198.51.100.0/24", "192.0.2.1").delete("198.51.100.0/24");
    other.forwarding(true);
    Bridge bridge = vnet.host().bridge().create().add(cable.a()).stp(true).up();
    vnet.host().vlan(cable.a(), 7).create().destroy();
    vnet.kenv().set("vnet4j.test", "1");
    vnet.kenv().unset("vnet4j.test");
    vnet.modules().load("if_epair");
    assertThat(vnet.jls()).hasSize(3);
    assertThat(other.ifconfig()).hasSize(2);
    assertThat(bridge.members()).hasSize(1);
    other.remove();
    assertThat(cable.b().stack()).isSameAs(vnet.host());
    bridge.destroy();
    cable.destroy();
    outer.remove();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_interrupted_call_anywhere_changes_nothing_for_the_user(boolean sandbox) {
    Set<String> before = machine.leftovers();
    machine.kernel.fault(Fault.NONE);
    run(sandbox);
    long calls = machine.kernel.calls();
    assertThat(calls).isGreaterThan(150);

    for (long n = 1; n <= calls; n++) {
      long chosen = n;
      // close(2) closes the descriptor even when it reports EINTR; the simulated call does not, so
      // it is not interrupted.
      machine.kernel.fault(
          (number, call) -> number == chosen && !call.equals("close") ? FreeBsdErrno.EINTR : 0);
      run(sandbox);
      assertThat(machine.leftovers()).as("EINTR at call %d", n).isEqualTo(before);
    }
    machine.kernel.fault(Fault.NONE);
  }

  private void run(boolean sandbox) {
    try (Vnet vnet = sandbox ? machine.sandbox() : machine.open()) {
      scenario(vnet);
    }
  }

  @Test
  void a_call_that_fails_anywhere_leaves_nothing_of_a_sandbox() {
    Set<String> before = machine.leftovers();
    machine.kernel.fault(Fault.NONE);
    run(true);
    long calls = machine.kernel.calls();
    int failed = 0;
    for (long n = 1; n <= calls; n++) {
      long chosen = n;
      machine.kernel.fault(
          (number, call) -> number == chosen && !call.equals("close") ? ENOMEM : 0);
      try {
        run(true);
      } catch (VnetException e) {
        failed++;
      }
      machine.kernel.fault(Fault.NONE);
      assertThat(machine.leftovers()).as("ENOMEM at call %d", n).isEqualTo(before);
    }
    assertThat(failed).isGreaterThan(100);
  }

  /** Fails each call of an operation in turn. The operation must succeed or change nothing. */
  private void allOrNothing(Vnet vnet, Runnable operation) {
    String before = picture(vnet);
    for (long n = 1; ; n++) {
      long chosen = n;
      machine.kernel.fault(
          (number, call) -> number == chosen && !call.equals("close") ? ENOMEM : 0);
      boolean happened = false;
      try {
        operation.run();
        happened = true;
      } catch (VnetException e) {
        assertThat(e).hasMessageContaining("ENOMEM");
      }
      long calls = machine.kernel.calls();
      machine.kernel.fault(Fault.NONE);
      if (happened && calls < chosen) {
        return;
      }
      if (!happened) {
        assertThat(picture(vnet)).as("ENOMEM at call %d", n).isEqualTo(before);
      } else {
        return;
      }
    }
  }

  private String picture(Vnet vnet) {
    StringBuilder text = new StringBuilder(vnet.jls().toString());
    text.append(vnet.host().ifconfig()).append(vnet.host().routes().list());
    vnet.jails().forEach(jail -> text.append(jail.ifconfig()).append(jail.routes().list()));
    return text.append(machine.kernel.openDescriptors() > 100).toString();
  }

  @Test
  void making_a_cable_into_a_jail_happens_or_leaves_nothing() {
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("web").create();
      allOrNothing(vnet, () -> vnet.host().epair().names("left", "right").vnet(jail).create());
      assertThat(jail.iface("right").exists()).isTrue();
    }
  }

  @Test
  void making_a_jail_happens_or_leaves_nothing() {
    for (int release : new int[] {1_400_507, 1_501_502}) {
      machine.release(release);
      try (Vnet vnet = machine.open()) {
        allOrNothing(vnet, () -> vnet.host().jail("web").hostname("web.example").create());
        assertThat(vnet.findJail("web")).isPresent();
      }
    }
  }

  @Test
  void going_from_jail_to_jail_happens_or_leaves_all_as_it_was() {
    try (Vnet vnet = machine.open()) {
      Jail one = vnet.host().jail("one").create();
      Jail two = vnet.host().jail("two").create();
      NetInterface end = vnet.host().epair().vnet(one).create().b();
      end.inet("192.0.2.2/24").up();

      allOrNothing(vnet, () -> end.vnet(two));

      assertThat(end.stack()).isSameAs(two);
    }
  }

  /** Runs an action of another program just before the n-th call of a kind. */
  private void justBefore(String kind, int nth, Consumer<SimProcess> deed) {
    AtomicInteger seen = new AtomicInteger();
    SimProcess other = machine.kernel.process();
    machine.kernel.fault(
        (number, call) -> {
          if (call.equals(kind) && seen.incrementAndGet() == nth) {
            deed.accept(other);
          }
          return 0;
        });
  }

  private static String ioctl(long request) {
    return "ioctl:" + Long.toHexString(request);
  }

  private static void take(SimProcess other, String name) {
    Syscalls kernel = new Syscalls(other, other::errno);
    int fd = new SocketCalls(kernel).open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    String made = new CloneCalls(kernel).create(fd, "bridge");
    new InterfaceCalls(kernel).rename(fd, made, name);
  }

  @Test
  void a_name_taken_between_check_and_use_is_taken_and_nothing_is_left() {
    try (Vnet vnet = machine.open()) {
      vnet.capabilities();
      justBefore(ioctl(InterfaceAbi.SIOCSIFNAME), 1, other -> take(other, "right"));

      assertThatThrownBy(() -> vnet.host().epair().names("left", "right").create())
          .isInstanceOf(NetInterface.NameTakenException.class)
          .hasMessageContaining("right");

      assertThat(machine.kernel.interfaces(0)).containsExactlyInAnyOrder("lo0", "right");
    }
  }

  @Test
  void a_jail_s_name_taken_between_check_and_use_is_taken() {
    try (Vnet vnet = machine.open()) {
      justBefore(
          "jail_set",
          1,
          other ->
              new JailCalls(new Syscalls(other, other::errno))
                  .set(JailAbi.JAIL_CREATE, "web", JailParametersTest.vnet("web")));

      assertThatThrownBy(() -> vnet.host().jail("web").create())
          .isInstanceOf(Jail.NameTakenException.class)
          .hasMessageContaining("web");
      assertThat(machine.kernel.jails()).containsExactly("web");
    }
  }

  @Test
  void an_interface_whose_name_is_taken_on_the_way_goes_back_with_its_addresses() {
    try (Vnet vnet = machine.open()) {
      Jail one = vnet.host().jail("one").create();
      Jail two = vnet.host().jail("two").create();
      NetInterface end = vnet.host().epair().names("left", "right").vnet(one).create().b();
      end.inet("192.0.2.2/24").up();
      justBefore(
          ioctl(InterfaceAbi.SIOCSIFVNET),
          1,
          other -> {
            SimProcess inside = machine.kernel.process(two.jid(), 0);
            take(inside, "right");
            inside.exit();
          });

      assertThatThrownBy(() -> two.vnet(end))
          .isInstanceOf(NetInterface.NameTakenException.class)
          .hasMessageContaining("right");

      assertThat(end.stack()).isSameAs(one);
      assertThat(end.addresses()).hasSize(1);
      assertThat(end.isUp()).isTrue();
      assertThat(machine.kernel.interfaces(0)).containsExactlyInAnyOrder("lo0", "left");
    }
  }
}
