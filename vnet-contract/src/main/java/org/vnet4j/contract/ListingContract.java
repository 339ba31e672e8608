// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.Capability;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.net.InterfaceKind;

/** Tests the listings that jls(8) and ifconfig(8) show. */
public abstract class ListingContract extends Contract {

  @Test
  void a_fresh_sandbox_holds_a_loopback_and_nothing_else() {
    assertThat(vnet.jls()).isEmpty();
    assertThat(host.ifconfig())
        .filteredOn(info -> !info.groups().contains(InterfaceInfo.FALLBACK))
        .extracting(InterfaceInfo::kind)
        .containsOnly(InterfaceKind.LOOPBACK);
    assertThat(host.name()).isEqualTo("host");
    assertThat(vnet.toString()).isEqualTo("Vnet on " + vnet.kernelVersion());
  }

  @Test
  void jails_are_listed_in_the_order_of_their_numbers() {
    jail("one");
    jail("two");
    jail("three");

    List<JailInfo> jls = vnet.jls();

    assertThat(jls).extracting(JailInfo::name).containsExactlyInAnyOrder("one", "two", "three");
    assertThat(jls).extracting(JailInfo::jid).isSorted();
    assertThat(vnet.jails())
        .extracting(Jail::jid)
        .isEqualTo(jls.stream().map(JailInfo::jid).toList());
  }

  @Test
  void a_jail_reads_like_jls() {
    Jail jail = host.jail("web").hostname("web.example").create();

    assertThat(jail.toString().lines().toList())
        .hasSize(3)
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo(line1(jail, "web.example")),
            line -> assertThat(line).isEqualTo("        web                           ACTIVE"),
            line -> assertThat(line).matches(" {8}([0-9]+|-)"));
    assertThat(vnet.jls()).extracting(JailInfo::toString).containsExactly(jail.toString());
  }

  private static String line1(Jail jail, String hostname) {
    return String.format("%6d  %-29s %s", jail.jid(), hostname, jail.info().path());
  }

  @Test
  void children_are_listed_with_their_full_names() {
    needs(Capability.NESTED_JAILS);
    Jail outer = host.jail("outer").childrenMax(1).create();
    outer.jail("inner").create();

    assertThat(vnet.jls()).extracting(JailInfo::name).containsExactly("outer", "outer.inner");
  }

  @Test
  void interfaces_are_listed_in_the_order_of_their_indexes() {
    cable(host, host);
    cable(host, host);

    List<InterfaceInfo> infos = host.ifconfig();

    assertThat(infos).extracting(InterfaceInfo::index).isSorted().doesNotHaveDuplicates();
    assertThat(infos).extracting(InterfaceInfo::name).contains("c0a", "c0b", "c1a", "c1b");
    assertThat(host.interfaces())
        .extracting(NetInterface::name)
        .isEqualTo(infos.stream().map(InterfaceInfo::name).toList());
  }

  @Test
  void listed_handles_are_those_one_has_already() {
    Jail jail = jail("web");
    NetInterface end = cable(host, jail).b();

    assertThat(vnet.jails().get(0)).isSameAs(jail);
    assertThat(jail.interfaces()).contains(end);
    assertThat(jail.interfaces()).extracting(NetInterface::toString).contains(end.toString());
  }

  @Test
  void one_interface_is_read_like_all() {
    NetInterface end = cable(host, host).a().inet("192.0.2.1/24").mtu(1400);

    assertThat(host.ifconfig()).contains(end.info());
  }
}
