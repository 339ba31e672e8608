// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.NeighbourTable;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.topology.TunnelKind;

/** Runs three programs, each on a machine of its own, that apply their parts of one topology. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "machines are made of namespaces here")
@Timeout(240)
@ExtendWith(NeighbourTable.class)
class LinuxFleetTest {
  private static final String[] NAMES = {"alpha", "beta", "gamma"};

  private record Room(Process process, BufferedReader said, Writer orders) {
    String says() throws IOException {
      return String.valueOf(said.readLine());
    }

    void go() throws IOException {
      orders.write("go\n");
      orders.flush();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"VXLAN", "GRE"})
  void nodes_on_three_machines_reach_each_other_over_the_network_below(TunnelKind kind)
      throws Exception {
    assumeTrue(Machine.mayChangeTheMachine(), "needs root");
    Programs.need("unshare");
    Programs.need("ip");
    List<Room> machines = new ArrayList<>();
    try (Vnet vnet = Vnet.open()) {
      Capability needed = kind == TunnelKind.VXLAN ? Capability.VXLAN : Capability.GRE_ETHERNET;
      assumeTrue(vnet.has(needed), () -> vnet.kernelVersion() + " has no " + needed);
      Bridge below = vnet.host().bridge().create();
      List<Epair> cables = new ArrayList<>();
      try {
        for (int i = 0; i < NAMES.length; i++) {
          Process process =
              Jvm.startAlone(
                  FleetMachine.class, NAMES[i], "198.51.100." + (i + 1) + "/24", kind.name());
          machines.add(new Room(process, process.inputReader(), process.outputWriter()));
        }
        below.up();
        for (int i = 0; i < NAMES.length; i++) {
          assertThat(machines.get(i).says()).isEqualTo("ready");
          Epair cable = vnet.host().epair().create();
          cables.add(cable);
          below.add(cable.a());
          cable.a().up();
          plug(cable.b().name(), machines.get(i).process().pid());
          machines.get(i).go();
        }
        for (Room machine : machines) {
          assertThat(machine.says()).isEqualTo("applied");
        }
        List<String> reached = new ArrayList<>();
        for (Room machine : machines) {
          machine.go();
          reached.add(machine.says());
        }
        assertThat(reached).containsExactly("6 reached", "3 reached", "3 reached");
        for (Room machine : machines) {
          machine.go();
          assertThat(machine.says()).isEqualTo("gone");
        }
      } finally {
        machines.forEach(machine -> machine.process().destroyForcibly());
        for (Room machine : machines) {
          machine.process().waitFor();
        }
        cables.forEach(Epair::close); // unless they were destroyed with their machines
        below.destroy();
      }
    }
  }

  /**
   * Moves an interface into a machine, as the person who builds the machine room would plug a
   * cable.
   */
  private static void plug(String iface, long pid) throws Exception {
    String[] command = {"ip", "link", "set", iface, "name", "below", "netns", Long.toString(pid)};
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void what_is_no_spread_is_refused() {
    assertThatThrownBy(() -> FleetMachine.spread().part("delta"))
        .hasMessage("there is no machine delta among [alpha, beta, gamma]");
    assertThatThrownBy(() -> FleetMachine.spread().machine("delta", "198.51.100.4", "web"))
        .hasMessage("node web is on machine alpha already");
    assertThatThrownBy(() -> FleetMachine.spread().machine("delta", "198.51.100.4", "mail"))
        .hasMessage("topology lab has no node mail for machine delta");
  }
}
