// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.picture.Picture;

/**
 * Tests how the two ends of an epair find each other. The kernel does not report it; the library
 * matches marks or names, and leaves ends without them unmatched.
 */
class FreeBsdEpairsTest {
  private final SimMachine machine = new SimMachine();

  /** Creates an epair as {@code ifconfig epair create} does. */
  private String created(SimProcess program) {
    Syscalls kernel = new Syscalls(program, program::errno);
    int socket = new SocketCalls(kernel).open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    String name = new CloneCalls(kernel).create(socket, "epair");
    new SocketCalls(kernel).close(socket);
    return name;
  }

  @Test
  void cables_of_another_vnet_are_found_by_their_marks_and_those_of_ifconfig_by_their_names() {
    SimProcess program = machine.kernel.process();
    try (Vnet other = machine.open();
        Jail jail = other.host().jail("web").create();
        Vnet one =
            machine.open()) { // closed last: its socket in the jail would keep the jail alive
      Epair theirs = other.host().epair().names("left", "right").create();
      theirs.b().vnet(jail);
      String made = created(program);
      String mate = made.substring(0, made.length() - 1) + "b";
      one.host().iface(mate).vnet(one.findJail("web").orElseThrow());

      assertThat(one.epairs().stream().map(Epair::toString))
          .containsExactlyInAnyOrder(
              "left@host <-> right@web", made + "@host <-> " + mate + "@web");
      assertThat(Picture.of(one).lines()).hasSize(2);
      assertThat(one.host().iface("left").peer())
          .contains(one.findJail("web").orElseThrow().iface("right"));
    }
  }

  @Test
  void ends_without_marks_whose_names_were_changed_stay_alone() {
    SimProcess program = machine.kernel.process();
    try (Vnet vnet = machine.open();
        Jail web = vnet.host().jail("web").create()) {
      String first = created(program);
      String firstMate = first.substring(0, first.length() - 1) + "b";
      vnet.host().iface(firstMate).vnet(web);
      vnet.host().iface(first).rename("uplink");
      assertThat(vnet.epairs()).isEmpty();

      vnet.host().iface("uplink").rename(first);
      assertThat(vnet.epairs()).hasSize(1);
    }
  }
}
