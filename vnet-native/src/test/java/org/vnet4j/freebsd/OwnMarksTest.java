// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.ioctl.DescriptionCalls;
import org.vnet4j.freebsd.sim.machine.SimMachine;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.owner.Mark;

/** Tests the MAC addresses, marks and routes that the kernel itself has. */
class OwnMarksTest {
  private final SimMachine machine = new SimMachine();
  private final Syscalls kernel = new Syscalls(machine.process, machine.process::errno);

  private Optional<String> description(String name) {
    int fd = new SocketCalls(kernel).open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    try {
      return new DescriptionCalls(kernel).get(fd, name);
    } finally {
      new SocketCalls(kernel).close(fd);
    }
  }

  @Test
  void every_mac_address_is_ours_and_of_no_other() {
    try (Vnet vnet = machine.open()) {
      Set<MacAddress> seen = new HashSet<>();
      List<Jail> jails =
          List.of(vnet.host().jail("one").create(), vnet.host().jail("two").create());
      for (Jail jail : jails) {
        Epair cable = jail.epair().create();
        for (NetInterface made :
            List.of(jail.bridge().create(), jail.tap().create(), cable.a(), cable.b())) {
          MacAddress mac = made.lladdr().orElseThrow();
          assertThat(mac.bytes()[0] & 3).as("locally administered, unicast: %s", mac).isEqualTo(2);
          assertThat(seen.add(mac)).as("%s has one of its own", made.name()).isTrue();
        }
      }
    }
  }

  @Test
  void what_we_make_is_marked_and_the_mark_is_not_shown() {
    try (Vnet vnet = machine.open()) {
      NetInterface end = vnet.host().epair().create().a().description("uplink");

      Mark mark = Mark.parse(description("epair0a").orElseThrow());

      assertThat(mark.made()).isTrue();
      assertThat(mark.home()).isZero();
      assertThat(mark.owner()).startsWith("test/");
      assertThat(end.description()).isEqualTo("uplink");
      end.destroy();
    }
  }

  @Test
  void what_is_only_lent_is_marked_while_it_is_away() {
    int fd = new SocketCalls(kernel).open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    new CloneCalls(kernel).create(fd, "tap");
    new DescriptionCalls(kernel).set(fd, "tap0", "somebody's");
    new SocketCalls(kernel).close(fd);
    try (Vnet vnet = machine.open()) {
      Jail jail = vnet.host().jail("web").create();
      NetInterface tap = vnet.host().iface("tap0").vnet(jail);
      assertThat(tap.description()).isEqualTo("somebody's");

      jail.remove();

      assertThat(tap.stack()).isSameAs(vnet.host());
      assertThat(description("tap0")).contains("somebody's");
      tap.vnet(vnet.host().jail("mail").create());
    }
    assertThat(machine.kernel.interfaces(0)).as("closing sends it home").contains("tap0");
    assertThat(description("tap0")).contains("somebody's");
  }

  @Test
  void a_route_as_it_is_listed_can_be_added_again() {
    try (Vnet vnet = machine.open()) {
      vnet.host().epair().create().a().inet("192.0.2.1/24").up();
      vnet.host().routes().add("198.51.100.0/24", "192.0.2.2");
      var route =
          vnet.host().routes().list().stream()
              .filter(one -> one.gateway().isPresent())
              .findFirst()
              .orElseThrow();

      vnet.host().routes().delete(route).add(route);

      assertThat(vnet.host().routes().list()).contains(route);
      assertThat(vnet.host().routes().list())
          .filteredOn(one -> !one.destination().address().isLinkLocalAddress())
          .extracting(Object::toString)
          .containsExactly("192.0.2.0/24 dev epair0a", "198.51.100.0/24 via 192.0.2.2 dev epair0a")
          .as("the stack's own addresses are no routes");
      vnet.host().iface("epair0a").destroy();
    }
  }

  @Test
  void names_in_a_sandbox_do_not_show_it() {
    try (Vnet vnet = machine.sandbox()) {
      Jail jail = vnet.host().jail("outer").childrenMax(1).create();
      jail.jail("inner").create();

      assertThat(vnet.jls()).extracting(one -> one.name()).containsExactly("outer", "outer.inner");
      List<String> real = List.copyOf(machine.kernel.jails());
      assertThat(real).hasSize(3);
      assertThat(real.get(0)).matches("vnet4j-test(-[0-9a-f]+){6}");
      assertThat(real.subList(1, 3))
          .containsExactly(real.get(0) + ".outer", real.get(0) + ".outer.inner");
    }
  }
}
