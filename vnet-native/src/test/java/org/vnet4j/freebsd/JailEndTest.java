// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.machine.SimHelper;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.StackParts;

/** Tests jails that are dying, that another program removed, or that end with their owner. */
class JailEndTest {
  private final SimMachine machine = new SimMachine();
  private final Set<String> before = machine.leftovers();

  @Test
  void a_jail_is_waited_for_until_it_is_really_gone() {
    machine.kernel.teardownPolls(7);
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("web").create();
      Epair cable = vnet.host().epair().vnet(jail).create();

      jail.remove();

      assertThat(machine.kernel.jails()).isEmpty();
      assertThat(cable.b().stack()).isSameAs(vnet.host());
      cable.destroy();
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }

  @Test
  void an_interrupted_thread_does_not_wait_and_what_was_lent_is_home_all_the_same() {
    SimProcess other = machine.kernel.process();
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("web").create();
      NetInterface end = vnet.host().epair().vnet(jail).create().b();
      machine.kernel.socketInJail(other, jail.jid(), SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);

      Thread.currentThread().interrupt();
      jail.remove();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(machine.kernel.jails()).as("the other's socket keeps it").containsExactly("web");
      assertThat(vnet.jls()).isEmpty();
      assertThat(end.stack()).isSameAs(vnet.host());
      assertThat(end.exists()).isTrue();
      assertThat(vnet.host().jail("web").create().exists()).as("the name is free").isTrue();
      other.exit();
      end.destroy();
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }

  @Test
  void a_jail_that_died_meanwhile_is_not_found_and_our_sockets_do_not_keep_it() {
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("web").create();
      NetInterface end = jail.epair().create().a();

      machine.process.jail_remove(jail.jid());

      assertThat(jail.exists()).isFalse();
      assertThat(machine.kernel.jails()).isEmpty();
      assertThatThrownBy(jail::info).isInstanceOf(Jail.NotFoundException.class);
      assertThatThrownBy(() -> end.inet("192.0.2.1/24")).isInstanceOf(Jail.NotFoundException.class);
      assertThatThrownBy(() -> jail.epair().create()).isInstanceOf(Jail.NotFoundException.class);
      assertThatThrownBy(() -> jail.forwarding(true)).isInstanceOf(Jail.NotFoundException.class);
      assertThatThrownBy(() -> jail.routes().list()).isInstanceOf(Jail.NotFoundException.class);
      assertThatThrownBy(() -> jail.hostname("x")).isInstanceOf(Jail.NotFoundException.class);
      NetInterface mine = vnet.host().epair().create().a();
      assertThatThrownBy(() -> mine.vnet(jail)).isInstanceOf(Jail.NotFoundException.class);
      assertThat(mine.stack()).isSameAs(vnet.host());
      mine.destroy();
      jail.remove();
      assertThat(vnet.findJail("web")).isEmpty();
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }

  /**
   * The interface's name is taken on the host. The kernel would return it home all the same; the
   * library renames it first.
   */
  @Test
  void a_helper_that_was_killed_is_replaced_to_send_home_what_was_lent() {
    List<SimHelper> helpers = new ArrayList<>();
    Vnet vnet =
        StackParts.vnet(
            FreeBsdKernel.open(
                new Syscalls(machine.process, machine.process::errno),
                () -> {
                  SimHelper next = new SimHelper(machine.kernel, machine.process);
                  helpers.add(next);
                  return next;
                },
                new OpenRequest(false, "test", Set.of())));
    NetInterface lent = vnet.host().epair().create().b().rename("taken");
    Jail jail = vnet.host().jail("web").vnet(lent).create();
    vnet.host().bridge().name("taken").create();

    helpers.get(0).die();
    assertThatThrownBy(() -> lent.stack().routes().list()).isInstanceOf(Helper.LostException.class);
    vnet.close();

    assertThat(helpers).hasSize(2);
    assertThat(machine.kernel.jails()).isEmpty();
    assertThat(machine.kernel.interfaces(0)).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void what_does_not_persist_goes_with_the_process_and_what_does_stays() {
    for (int release : new int[] {1_302_001, 1_400_507, 1_501_502}) {
      machine.release(release);
      SimProcess killed = machine.kernel.process();
      SimHelper helper = new SimHelper(machine.kernel, killed);
      FreeBsdKernel session =
          FreeBsdKernel.open(
              new Syscalls(killed, killed::errno),
              () -> helper,
              new OpenRequest(false, "test", Set.of()));
      Vnet vnet = StackParts.vnet(session);
      vnet.host().jail("goes").create();
      int stays = vnet.host().jail("stays").persist().create().jid();
      assertThat(vnet.jls()).extracting(jail -> jail.persist()).containsExactly(false, true);

      killed.exit();
      helper.close();

      assertThat(machine.kernel.jails()).as("release %d", release).containsExactly("stays");
      machine.process.jail_remove(stays);
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }

  @Test
  void a_sandbox_goes_with_its_process_and_all_in_it_too() {
    SimProcess killed = machine.kernel.process();
    Vnet vnet = machine.open(killed, true);
    vnet.host().jail("web").persist().create();
    vnet.host().epair().create();

    killed.exit();

    assertThat(machine.leftovers()).isEqualTo(before);
  }

  @Test
  void descriptors_of_jails_are_closed_when_a_program_starts() {
    try (Vnet vnet = machine.sandbox()) {
      vnet.host().jail("web").create().epair().create();
      int open = machine.kernel.openDescriptors();

      assertThat(open).isGreaterThanOrEqualTo(3);
      for (int fd = 3; fd < 3 + open; fd++) {
        assertThat(machine.process.closesOnExec(fd)).as("descriptor %d", fd).isTrue();
      }
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }

  @Test
  void a_sandbox_that_is_gone_says_so_and_closes() {
    Vnet vnet = machine.sandbox();
    Epair cable = vnet.host().epair().create();
    Syscalls kernel = new Syscalls(machine.process, machine.process::errno);
    int jid = new JailCalls(kernel).list(false).get(0);
    vnet.close();
    Vnet again = machine.sandbox();
    int root = new JailCalls(kernel).list(false).get(0);

    machine.process.jail_remove(root);

    assertThat(root).isNotEqualTo(jid);
    assertThatThrownBy(() -> again.host().jail("web").create())
        .isInstanceOf(Jail.NotFoundException.class);
    assertThatThrownBy(() -> again.host().epair().create())
        .isInstanceOf(Jail.NotFoundException.class);
    assertThatThrownBy(() -> again.host().ifconfig()).isInstanceOf(Jail.NotFoundException.class);
    assertThat(again.jls()).isEmpty();
    again.close();
    assertThatThrownBy(() -> cable.a().up()).isInstanceOf(Vnet.ClosedException.class);
    assertThat(machine.leftovers()).isEqualTo(before);
  }
}
