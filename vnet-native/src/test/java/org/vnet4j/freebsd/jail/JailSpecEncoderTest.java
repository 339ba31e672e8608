// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.Syscalls;

/** Tests jail parameters given by name, which take their types from the kernel. */
class JailSpecEncoderTest {
  private final SimMachine machine = new SimMachine();
  private final Vnet vnet = machine.open();

  @AfterEach
  void close() {
    vnet.close();
  }

  private JailParameters read(Jail jail, JailParameters wanted) {
    Syscalls kernel = new Syscalls(machine.process, machine.process::errno);
    new JailCalls(kernel).get(0, jail.name(), wanted.put("jid", jail.jid()));
    return wanted;
  }

  @Test
  void a_parameter_of_every_type_reaches_the_kernel() {
    Jail jail =
        vnet.host()
            .jail("web")
            .param("allow.raw_sockets", true)
            .param("allow.set_hostname", false)
            .param("enforce_statfs", 1)
            .param("path", "/var")
            .param("ip4", "new")
            .create();

    JailParameters is =
        read(
            jail,
            JailParameters.create()
                .room("allow.raw_sockets", 4)
                .room("allow.set_hostname", 4)
                .room("enforce_statfs", 4));
    assertThat(is.getBoolean("allow.raw_sockets")).isTrue();
    assertThat(is.getBoolean("allow.set_hostname")).isFalse();
    assertThat(is.getInt("enforce_statfs")).isEqualTo(1);
    assertThat(jail.info().path()).isEqualTo("/var");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bogus", "allow.nosuch", "allow.noraw_sockets", "children", "", "exec.start"})
  void a_parameter_the_kernel_does_not_know_is_named(String name) {
    assertThatThrownBy(() -> vnet.host().jail("web").param(name, true).create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jail parameter " + name + "=true")
        .hasMessageContaining("not known to this kernel");
    assertThat(vnet.jls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "allow.raw_sockets, 1, a Boolean",
    "enforce_statfs, many, an Integer",
    "ip4, sometimes, inherit",
    "ip4.addr, 2001:db8::1, other family"
  })
  void a_value_of_the_wrong_type_is_named_with_what_is_wanted(
      String name, String value, String wanted) {
    assertThatThrownBy(() -> vnet.host().jail("web").param(name, value).create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jail parameter " + name + "=" + value)
        .hasMessageContaining(wanted);
    assertThat(vnet.jls()).isEmpty();
  }

  @Test
  void texts_are_checked_too() {
    assertThatThrownBy(() -> vnet.host().jail("web").param("path", 7).create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a String, not Integer");
    assertThatThrownBy(() -> vnet.host().jail("web").param("path", "x".repeat(1024)).create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 1023 bytes");
    assertThatThrownBy(() -> vnet.host().jail("web").param("ip4.addr", true).create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("addresses, not Boolean");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"name", "jid", "vnet", "persist", "children.max", "host.hostname", "desc"})
  void what_the_builder_sets_is_not_set_by_name(String name) {
    assertThatThrownBy(() -> vnet.host().jail("web").param(name, 1).create())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("builder");
  }

  @Test
  void a_path_that_is_not_there_is_no_missing_jail() {
    assertThatThrownBy(() -> vnet.host().jail("web").param("path", "/nosuch").create())
        .isExactlyInstanceOf(VnetException.class)
        .hasMessageContaining("jail_set web: ENOENT");
    assertThat(vnet.jls()).isEmpty();
  }
}
