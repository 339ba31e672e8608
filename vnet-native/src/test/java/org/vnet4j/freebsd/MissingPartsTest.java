// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.machine.SimHelper;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.spi.StackParts;

/** Tests that an error names the missing part of a kernel or user, and the remedy. */
class MissingPartsTest {
  private final SimMachine machine = new SimMachine();

  @Test
  void a_kernel_without_vimage_has_no_jails_and_no_sandbox() {
    machine.kernel.variable("kern.features.vimage", 0);

    assertThatThrownBy(machine::sandbox)
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContaining("VIMAGE");
    try (Vnet vnet = machine.open()) {
      assertThat(vnet.capabilities())
          .contains(Capability.EPAIR, Capability.BRIDGE)
          .doesNotContain(Capability.VNET, Capability.NESTED_JAILS, Capability.MOVE_BRIDGE);
      assertThatThrownBy(() -> vnet.host().jail("web").create())
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("VIMAGE");
      vnet.host().epair().create().destroy();
    }
    assertThat(machine.kernel.openDescriptors()).isZero();
  }

  @Test
  void a_kind_without_its_module_is_refused_with_the_command_that_loads_it() {
    SimKernel bare = new SimKernel();
    SimProcess root = bare.process();
    Syscalls calls = new Syscalls(root, root::errno);
    try (Vnet vnet =
        StackParts.vnet(
            FreeBsdKernel.open(
                calls,
                () -> new SimHelper(bare, root),
                new org.vnet4j.spi.OpenRequest(false, "test", java.util.Set.of())))) {
      assertThat(vnet.has(Capability.EPAIR)).isFalse();
      assertThatThrownBy(() -> vnet.host().epair().create())
          .isInstanceOf(Vnet.UnsupportedException.class)
          .hasMessageContaining("EPAIR")
          .hasMessageContaining("kldload if_epair");

      vnet.modules().load("if_epair");

      assertThat(vnet.has(Capability.EPAIR)).isTrue();
      vnet.host().epair().create().destroy();
    }
  }

  @Test
  void an_ordinary_user_may_look_and_not_touch() {
    SimMachine theirs = new SimMachine(1001);

    assertThatThrownBy(theirs::sandbox)
        .isInstanceOf(Vnet.NotPermittedException.class)
        .hasMessageContaining("jail_set")
        .hasMessageContaining("root");
    try (Vnet vnet = theirs.open()) {
      assertThat(vnet.host().ifconfig()).hasSize(1);
      assertThatThrownBy(() -> vnet.host().epair().create())
          .isInstanceOf(Vnet.NotPermittedException.class)
          .hasMessageContaining("SIOCIFCREATE2 epair: EPERM")
          .hasMessageContaining("root");
      assertThatThrownBy(() -> vnet.modules().load("pf"))
          .isInstanceOf(Vnet.NotPermittedException.class)
          .hasMessageContaining("kern.securelevel");
      assertThatThrownBy(() -> vnet.kenv().set("x", "y"))
          .isInstanceOf(Vnet.NotPermittedException.class);
      assertThatThrownBy(() -> vnet.host().forwarding(true))
          .isInstanceOf(Vnet.NotPermittedException.class);
      assertThatThrownBy(() -> vnet.host().jail("web").create())
          .isInstanceOf(Vnet.NotPermittedException.class)
          .hasMessageContaining("children.max");
    }
    assertThat(theirs.kernel.openDescriptors()).isZero();
    assertThat(theirs.kernel.jails()).isEmpty();
  }

  @Test
  void root_of_a_jail_without_children_is_told_what_its_jail_lacks() {
    try (Vnet vnet = machine.open()) {
      int jid = vnet.host().jail("small").create().jid();
      SimProcess inside = machine.kernel.process(jid, 0);

      assertThatThrownBy(() -> machine.open(inside, true))
          .isInstanceOf(Vnet.NotPermittedException.class)
          .hasMessageContaining("children.max");
    }
  }

  @Test
  void a_derivative_of_freebsd_is_told_by_the_abi_of_its_programs(@TempDir Path directory)
      throws IOException {
    Path program = directory.resolve("sh");
    byte[] header = {0x7f, 'E', 'L', 'F', 2, 1, 1, 9};

    assertThat(FreeBsdProvider.unavailable("GhostBSD", program)).contains("this is GhostBSD");
    Files.write(program, header);
    assertThat(FreeBsdProvider.unavailable("GhostBSD", program).orElseThrow())
        .contains("GhostBSD", "-Dos.name=FreeBSD");
    assertThat(FreeBsdProvider.unavailable("FreeBSD", program)).isEmpty();
    header[7] = 0;
    Files.write(program, header);
    assertThat(FreeBsdProvider.unavailable("Linux", program)).contains("this is Linux");
  }

  @Test
  void elsewhere_than_on_freebsd_the_provider_says_where_it_is() {
    String system = System.getProperty("os.name");
    if (system.equals("FreeBSD")) {
      assertThat(new FreeBsdProvider().unavailable()).isEmpty();
    } else {
      assertThat(new FreeBsdProvider().unavailable()).contains("this is " + system);
    }
  }
}
