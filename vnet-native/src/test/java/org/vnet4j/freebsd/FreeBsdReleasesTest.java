// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.Epair;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Release;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.net.Errno;
import org.vnet4j.net.InterfaceKind;

/** Tests what a release of FreeBSD does otherwise than the others, beyond the contract. */
class FreeBsdReleasesTest {
  private static final int EBUSY = 16;
  private static final String DESTROY = "ioctl:80206979";

  @Test
  @Timeout(30)
  void an_interface_that_the_kernel_of_13_returned_home_has_its_kind_without_its_group()
      throws InterruptedException {
    SimMachine machine = new SimMachine().release(Release.V13_2);
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("killed").create();
      Epair cable = vnet.host().epair().names("left", "right").vnet(jail).create();
      machine.process.jail_remove(jail.jid()); // by another program
      while (vnet.host().ifconfig().stream().noneMatch(one -> one.name().equals("right"))) {
        Thread.sleep(20); // this session releases its sockets
      }

      InterfaceInfo home = vnet.host().iface("right").info();

      assertThat(home.kind()).isEqualTo(InterfaceKind.EPAIR);
      assertThat(home.groups()).containsExactly("all");
      assertThat(vnet.epairs()).hasSize(1);
      cable.a().destroy();
    }
  }

  @Test
  void an_interface_that_13_cannot_destroy_at_home_stays_where_it_was() {
    SimMachine machine = new SimMachine().release(Release.V13_2);
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("web").create();
      Epair cable = vnet.host().epair().names("left", "right").vnet(jail).create();
      cable.b().inet("192.0.2.2/24");
      AtomicInteger destroys = new AtomicInteger();
      machine.kernel.fault(
          (n, call) -> call.equals(DESTROY) && destroys.incrementAndGet() == 2 ? EBUSY : 0);

      assertThatThrownBy(cable.b()::destroy)
          .isInstanceOfSatisfying(
              VnetException.class, e -> assertThat(e.isErrno(Errno.EBUSY)).isTrue());

      machine.kernel.fault(org.vnet4j.freebsd.sim.Fault.NONE);
      assertThat(jail.iface("right").addresses()).hasToString("[192.0.2.2/24]");
      assertThat(jail.iface("right").isUp()).isTrue();
      cable.b().destroy();
      assertThat(cable.a().exists()).isFalse();
    }
  }

  @Test
  void an_epair_leaves_out_no_checksum() {
    int checksums = FreeBsdAbi.constant("IFCAP_TXCSUM") | FreeBsdAbi.constant("IFCAP_TXCSUM_IPV6");
    for (Release release : List.of(Release.V13_2, Release.V14_0, Release.V15_1)) {
      SimMachine machine = new SimMachine().release(release);
      try (Vnet vnet = machine.open()) {
        Jail jail = vnet.host().jail("web").create();
        Epair cable = vnet.host().epair().names("left", "right").vnet(jail).create();

        assertThat(machine.kernel.capabilities(0, "left") & checksums).isZero();
        assertThat(machine.kernel.capabilities(jail.jid(), "right") & checksums).isZero();
        int vlans = FreeBsdAbi.constant("IFCAP_VLAN_MTU");
        assertThat(machine.kernel.capabilities(0, "left") & vlans).isEqualTo(vlans);
        cable.destroy();
      }
    }
  }

  @Test
  void no_detection_of_duplicates_runs_when_an_address_switches_it_off() {
    SimMachine machine = new SimMachine();
    try (Vnet vnet = machine.sandbox()) {
      Epair cable = vnet.host().epair().create();

      cable.a().inet("192.0.2.1/24").inet6("2001:db8::1/64").down().up();

      assertThat(machine.kernel.console()).isEmpty();
    }
  }
}
