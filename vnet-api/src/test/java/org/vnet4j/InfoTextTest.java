// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vnet4j.net.InterfaceFlag.BROADCAST;
import static org.vnet4j.net.InterfaceFlag.LOOPBACK;
import static org.vnet4j.net.InterfaceFlag.LOWER_UP;
import static org.vnet4j.net.InterfaceFlag.MULTICAST;
import static org.vnet4j.net.InterfaceFlag.RUNNING;
import static org.vnet4j.net.InterfaceFlag.SIMPLEX;
import static org.vnet4j.net.InterfaceFlag.UP;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.MacAddress;

/** Tests that listings have the form of FreeBSD's ifconfig(8) and jls(8). */
class InfoTextTest {

  @Test
  void an_epair_in_use() {
    InterfaceInfo info =
        new InterfaceInfo(
            "epair0b",
            5,
            InterfaceKind.EPAIR,
            Set.of(MULTICAST, LOWER_UP, UP, SIMPLEX, RUNNING, BROADCAST),
            0x1008843,
            1500,
            Optional.of(MacAddress.parse("76:f5:44:b8:f2:cf")),
            List.of(Cidr.parse("192.0.2.2/24"), Cidr.parse("fe80::74f5:44ff:feb8:f2cf/64")),
            List.of("epair"),
            LinkStatus.ACTIVE,
            Optional.empty(),
            "");

    assertThat(info)
        .hasToString(
            """
            epair0b: flags=1008843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,LOWER_UP> mtu 1500
            \tether 76:f5:44:b8:f2:cf
            \tinet 192.0.2.2 netmask 0xffffff00 broadcast 192.0.2.255
            \tinet6 fe80::74f5:44ff:feb8:f2cf%epair0b prefixlen 64 scopeid 0x5
            \tgroups: epair
            \tstatus: active""");
    assertThat(info.isUp()).isTrue();
  }

  @Test
  void a_description_of_others_stays_on_its_line() {
    InterfaceInfo info =
        new InterfaceInfo(
            "u0",
            1,
            InterfaceKind.EPAIR,
            Set.of(UP),
            1,
            1500,
            Optional.empty(),
            List.of(),
            List.of(),
            LinkStatus.UNKNOWN,
            Optional.empty(),
            "up\nlo: flags=0<FAKE>\n\u001b]0;title\u0007");

    assertThat(info)
        .hasToString(
            "u0: flags=1<UP> mtu 1500\n"
                + "\tdescription: up\\u000alo: flags=0<FAKE>\\u000a\\u001b]0;title\\u0007");
  }

  @Test
  void a_loopback_without_broadcast() {
    InterfaceInfo info =
        new InterfaceInfo(
            "lo0",
            1,
            InterfaceKind.LOOPBACK,
            Set.of(UP, LOOPBACK, RUNNING, MULTICAST),
            0x8049,
            16384,
            Optional.empty(),
            List.of(Cidr.parse("127.0.0.1/8"), Cidr.parse("::1/128"), Cidr.parse("10.0.0.1/0")),
            List.of("lo"),
            LinkStatus.UNKNOWN,
            Optional.empty(),
            "");

    assertThat(info)
        .hasToString(
            """
            lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
            \tinet 127.0.0.1 netmask 0xff000000
            \tinet6 ::1 prefixlen 128
            \tinet 10.0.0.1 netmask 0x00000000
            \tgroups: lo""");
    assertThat(info.lladdr()).isEmpty();
  }

  @Test
  void a_member_of_a_bridge_with_a_description_and_nothing_else() {
    InterfaceInfo info =
        new InterfaceInfo(
            "tap0",
            9,
            InterfaceKind.TAP,
            Set.of(),
            0,
            1400,
            Optional.empty(),
            List.of(),
            List.of(),
            LinkStatus.NO_CARRIER,
            Optional.of("bridge0"),
            "a virtual machine");

    assertThat(info)
        .hasToString(
            """
            tap0: flags=0<> mtu 1400
            \tdescription: a virtual machine
            \tmember of: bridge0
            \tstatus: no carrier""");
    assertThat(info.bridge()).contains("bridge0");
  }

  @Test
  void jails_read_like_jls() {
    JailInfo empty = new JailInfo(1, "emptyjail", "", "/", false, OptionalInt.of(3), true, 0, 0);
    JailInfo dying =
        new JailInfo(
            12345,
            "outer.inner",
            "web.example",
            "/jails/web",
            true,
            OptionalInt.empty(),
            false,
            0,
            0);

    assertThat((JailInfo.HEADING + "\n" + empty + "\n" + dying).split("\n"))
        .containsExactly(
            "   JID  Hostname                      Path",
            "        Name                          State",
            "        CPUSetID",
            "        IP Address(es)",
            "     1                                /",
            "        emptyjail                     ACTIVE",
            "        3",
            " 12345  web.example                   /jails/web",
            "        outer.inner                   DYING",
            "        -");
  }
}
