// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Owner;
import org.vnet4j.Sweep;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.posix.Owners;
import org.vnet4j.spi.OpenRequest;

/** Sweeps after a process that ended, by the marks in metadata and descriptions. */
class FreeBsdSweepTest {
  private final SimMachine machine = new SimMachine();

  private Vnet openAs(SimProcess who, Owner owner) {
    SimHelper helper = new SimHelper(machine.kernel, who);
    return Vnet.builder()
        .of(
            FreeBsdSession.open(
                new FreeBsdKernel(who, who::errno),
                helper,
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
    Process maker = new ProcessBuilder("sleep", "60").start(); // in whose name it is made
    Owner here = new Owners(new SimHelper(machine.kernel, killed)).next("test");
    Owner dead = new Owner("test", 9, maker.pid(), 0, 0, here.boot(), here.pids());
    Vnet lost = openAs(killed, dead);
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

      // Since 15 the kernel removes what does not persist; here the helper is not there to do it.
      assertThat(vnet.sweep().run().removed())
          .extracting(Sweep.Leftover::name)
          .containsExactlyElementsOf(release < 1_500_000 ? List.of("scratch") : List.of());
      assertThat(vnet.jail("web")).isPresent();
      Sweep.Result result = vnet.sweep().persistent().run();

      assertThat(result.failed()).isEmpty();
      assertThat(result.removed().get(0).name()).isEqualTo("web");
      assertThat(vnet.jls()).extracting(jail -> jail.name()).containsExactly("theirs");
      assertThat(vnet.host().ifconfig()).hasSize(1);
      long start = System.nanoTime();
      vnet.jail("theirs").orElseThrow().remove();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("its maker holds no socket of it that would keep it dying")
          .isLessThan(Duration.ofSeconds(4));
    }
    assertThat(machine.leftovers()).isEqualTo(before);
  }
}
