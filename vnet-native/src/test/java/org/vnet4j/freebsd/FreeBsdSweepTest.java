// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Owner;
import org.vnet4j.Sweep;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.machine.SimHelper;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Shaping;
import org.vnet4j.posix.helper.HelperHolder;
import org.vnet4j.posix.owner.Owners;
import org.vnet4j.spi.OpenRequest;
import org.vnet4j.spi.StackParts;

/**
 * Tests that a sweep removes what an ended process left, by the marks in metadata and descriptions.
 */
class FreeBsdSweepTest {
  private static final Shaping SLOW = Shaping.bitsPerSecond(8_000_000);

  private final SimMachine machine = new SimMachine();

  private Vnet openAs(SimProcess who, Process maker) {
    SimHelper helper = new SimHelper(machine.kernel, who);
    Owner here = new Owners(helper).next("test");
    Owner owner = new Owner("test", 9, maker.pid(), 0, 0, here.boot(), here.pids());
    return StackParts.vnet(
        FreeBsdKernel.open(
            new Syscalls(who, who::errno),
            new HelperHolder(helper, () -> helper),
            new Owners(helper),
            owner,
            new OpenRequest(false, "test", Set.of())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1_302_001, 1_400_507, 1_501_502})
  void what_a_killed_process_left_is_found_and_goes_and_nothing_else(int release) throws Exception {
    machine.release(release);
    Set<String> before = machine.leftovers();
    SimProcess killed = machine.kernel.process();
    Process maker = new ProcessBuilder("sleep", "60").start(); // the recorded owner
    Vnet lost = openAs(killed, maker);
    Epair wire = lost.host().epair().names("wire", "web0").create();
    Jail web = lost.host().jail("web").persist().childrenMax(2).create();
    wire.b().vnet(web);
    lost.host().jail("scratch").vnet(lost.host().epair().create().b()).create();
    try (Vnet living = machine.open();
        Vnet vnet = machine.open()) {
      living.host().jail("theirs").persist().create();
      assertThat(vnet.sweep().run().removed()).as("no owner has ended").isEmpty();
      killed.exit();
      maker.destroyForcibly().waitFor();
      if (release >= 1_500_000) {
        assertThat(machine.kernel.jails()).as("a look holds no jail").doesNotContain("scratch");
      }

      // FreeBSD 15 removes jails without persist itself. On older releases the helper does, but
      // here it is killed.
      assertThat(vnet.sweep().run().removed())
          .extracting(Sweep.Leftover::name)
          .containsExactlyElementsOf(release < 1_500_000 ? List.of("scratch") : List.of());
      assertThat(vnet.findJail("web")).isPresent();
      Sweep.Result result = vnet.sweep().persistent().run();

      assertThat(result.failed()).isEmpty();
      assertThat(result.removed().get(0).name()).isEqualTo("web");
      assertThat(vnet.jls()).extracting(jail -> jail.name()).containsExactly("theirs");
      assertThat(vnet.host().ifconfig()).hasSize(1);
      vnet.findJail("theirs").orElseThrow().remove();
      assertThat(machine.kernel.jails())
          .as("its maker holds no socket of it that would keep it dying")
          .isEmpty();
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }

  @Test
  void rules_that_shaped_what_a_killed_process_made_go_and_those_of_the_living_stay()
      throws Exception {
    machine.ipfw();
    SimProcess killed = machine.kernel.process();
    Process maker = new ProcessBuilder("sleep", "60").start();
    Vnet lost = openAs(killed, maker);
    lost.host().epair().names("wire", "end").create().a().shape(SLOW);
    lost.host().epair().names("gone", "gone1").create().a().shape(SLOW);
    assertThat(machine.kernel.ruleNumbers(0)).containsExactly(1, 2, 99);
    try (Vnet vnet = machine.open()) {
      int index = vnet.host().iface("gone").info().index();
      vnet.host().iface("gone").destroy(); // by a Vnet that shaped nothing and knows of no rules
      assertThat(vnet.sweep().dryRun()).as("no owner has ended").isEmpty();
      killed.exit();
      maker.destroyForcibly().waitFor();
      Epair mine = vnet.host().epair().names("mine", "mine1").create();
      assertThat(mine.a().info().index()).as("numbers are used again").isEqualTo(index);
      assertThat(mine.a().shaping()).isEqualTo(Shaping.NONE);

      assertThat(vnet.sweep().run().removed())
          .extracting(Sweep.Leftover::name)
          .containsExactlyInAnyOrder("wire", "end", "gone");

      assertThat(machine.kernel.ruleNumbers(0)).isEmpty();
      assertThat(machine.kernel.variable(0, "net.link.ether.ipfw")).isZero();
      mine.a().shape(SLOW);
      assertThat(vnet.sweep().run().removed()).isEmpty();
      assertThat(machine.kernel.ruleNumbers(0)).containsExactly(1, 99);
      mine.destroy();
    }
    assertThat(machine.kernel.ruleNumbers(0)).isEmpty();
  }
}
