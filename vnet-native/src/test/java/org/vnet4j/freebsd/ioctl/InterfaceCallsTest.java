// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.jail.JailAbi;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.jail.JailParametersTest;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sys.ModuleCalls;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.MacAddress;

/** Tests the interface calls on the simulated kernel. */
class InterfaceCallsTest {
  private final SimKernel machine = new SimKernel();
  private final SimProcess process = machine.process();
  private final Syscalls kernel = new Syscalls(process, process::errno);
  private final CloneCalls clones = new CloneCalls(kernel);
  private final InterfaceCalls interfaces = new InterfaceCalls(kernel);
  private final ListCalls lists = new ListCalls(kernel);
  private int socket;
  private int socket6;

  @BeforeEach
  void epairs_are_there() {
    new ModuleCalls(kernel).load("if_epair");
    new ModuleCalls(kernel).load("if_bridge");
    new ModuleCalls(kernel).load("if_vxlan");
    SocketCalls sockets = new SocketCalls(kernel);
    socket = sockets.open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    socket6 = sockets.open(SocketAbi.AF_INET6, SocketAbi.SOCK_DGRAM, 0);
  }

  private ListCalls.ListedInterface listed(String name) {
    return lists.list(socket).stream().filter(i -> i.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void a_description_is_set_read_and_removed() {
    DescriptionCalls descriptions = new DescriptionCalls(kernel);
    assertThat(descriptions.get(socket, "lo0")).isEmpty();

    descriptions.set(socket, "lo0", "owner=ü");

    assertThat(descriptions.get(socket, "lo0")).contains("owner=ü");
    descriptions.set(socket, "lo0", "");
    assertThat(descriptions.get(socket, "lo0")).isEmpty();
    descriptions.set(socket, "lo0", "x".repeat(1023));
    assertThat(descriptions.get(socket, "lo0").orElseThrow()).hasSize(1023);
    assertThatThrownBy(() -> descriptions.set(socket, "lo0", "x".repeat(1024)))
        .hasMessageContaining("ENAMETOOLONG");
  }

  @Test
  void groups_are_listed_added_and_deleted() {
    GroupCalls groups = new GroupCalls(kernel);
    assertThat(groups.list(socket, "lo0")).containsExactly("all", "lo");

    groups.add(socket, "lo0", "demo");

    assertThat(groups.list(socket, "lo0")).containsExactly("all", "lo", "demo");
    assertThatThrownBy(() -> groups.add(socket, "lo0", "demo")).hasMessageContaining("EEXIST");
    assertThatThrownBy(() -> groups.add(socket, "lo0", "demo9"))
        .hasMessageContaining("may not end in a digit");
    groups.delete(socket, "lo0", "demo");
    assertThatThrownBy(() -> groups.delete(socket, "lo0", "demo")).hasMessageContaining("ENOENT");
  }

  @Test
  void addresses_of_both_families_come_with_their_prefix_lengths() throws Exception {
    clones.create(socket, "epair");
    InetCalls inet = new InetCalls(kernel);
    Inet6Calls inet6 = new Inet6Calls(kernel);

    inet.add(socket, "epair0a", Cidr.parse("192.0.2.1/27"), null);
    inet6.add(socket6, "epair0a", Cidr.parse("2001:db8::1/48"), Inet6Abi.IN6_IFF_NODAD);

    InetAddress four = InetAddress.getByName("192.0.2.1");
    InetAddress six = InetAddress.getByName("2001:db8::1");
    assertThat(inet.get(socket, "epair0a", four).address()).isEqualTo(Cidr.parse("192.0.2.1/27"));
    assertThat(inet.get(socket, "epair0a", four).other().orElseThrow().getHostAddress())
        .isEqualTo("192.0.2.31");
    assertThat(inet6.prefixLength(socket6, "epair0a", six)).isEqualTo(48);
    assertThat(inet6.flags(socket6, "epair0a", six)).isZero();
    assertThat(inet6.neighbourFlags(socket6, "epair0a") & Inet6Abi.ND6_IFF_IFDISABLED).isZero();
    assertThat(listed("epair0a").addresses()).contains(four, six).hasSize(3);
    assertThat(interfaces.flags(socket, "epair0a") & InterfaceAbi.IFF_UP).isOne();
    inet.delete(socket, "epair0a", four);
    inet6.delete(socket6, "epair0a", six);
    assertThat(listed("epair0a").addresses()).doesNotContain(four, six).hasSize(1);
    assertThatThrownBy(() -> inet.delete(socket, "epair0a", four))
        .hasMessageContaining("SIOCDIFADDR epair0a 192.0.2.1: EADDRNOTAVAIL");
  }

  @Test
  void a_list_longer_than_its_first_room_is_read_whole() {
    for (int i = 0; i < 60; i++) {
      clones.create(socket, "epair");
    }

    assertThat(lists.list(socket)).hasSize(121);
    assertThat(listed("epair59b").mac()).isPresent();
  }

  @Test
  void a_mac_address_that_was_set_is_listed_and_the_first_one_is_kept() {
    clones.create(socket, "epair");
    LinkAddressCalls link = new LinkAddressCalls(kernel);
    final MacAddress first = link.hardware(socket, "epair0a");
    MacAddress mac = MacAddress.parse("02:00:00:00:00:07");

    link.set(socket, "epair0a", mac);

    assertThat(listed("epair0a").mac()).contains(mac);
    assertThat(link.hardware(socket, "epair0a")).isEqualTo(first);
    clones.create(socket, "bridge");
    assertThatThrownBy(() -> link.hardware(socket, "bridge0")).hasMessageContaining("ENODEV");
  }

  @Test
  void an_interface_moves_into_a_jail_and_back_when_the_jail_is_gone() {
    clones.create(socket, "epair");
    new InetCalls(kernel).add(socket, "epair0b", Cidr.parse("192.0.2.2/24"), null);
    JailCalls jails = new JailCalls(kernel);
    int jid = jails.set(JailAbi.JAIL_CREATE, "web", JailParametersTest.vnet("web"));
    LendCalls lend = new LendCalls(kernel);

    lend.give(socket, "epair0b", jid);

    assertThat(machine.interfaces(jid)).containsExactly("lo0", "epair0b");
    assertThatThrownBy(() -> interfaces.mtu(socket, "epair0b"))
        .hasMessage(
            "SIOCGIFMTU epair0b: ENXIO (Device not configured); no such interface in this stack");
    assertThatThrownBy(() -> lend.give(socket, "epair0b", jid))
        .hasMessageContaining("SIOCSIFVNET epair0b -> jail " + jid + ": ENXIO");
    lend.takeBack(socket, "epair0b", jid);
    assertThat(listed("epair0b").addresses()).isEmpty();
    lend.give(socket, "epair0b", jid);
    jails.remove(jid);
    assertThat(machine.interfaces(0)).contains("epair0b");
  }

  @Test
  void what_is_made_in_a_jail_ends_with_it_and_its_other_half_too() {
    JailCalls jails = new JailCalls(kernel);
    int jid = jails.set(JailAbi.JAIL_CREATE, "web", JailParametersTest.vnet("web"));
    int inside = machine.socketInJail(process, jid, SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    clones.create(inside, "epair");
    new LendCalls(kernel).takeBack(socket, "epair0b", jid);
    assertThat(machine.interfaces(0)).contains("epair0b");

    new SocketCalls(kernel).close(inside);
    jails.remove(jid);

    assertThat(machine.interfaces(0)).containsExactly("lo0");
  }

  @Test
  void a_bridge_lists_its_members_and_keeps_their_mtu() {
    clones.create(socket, "epair");
    clones.create(socket, "epair");
    clones.create(socket, "bridge");
    BridgeCalls bridges = new BridgeCalls(kernel);
    bridges.add(socket, "bridge0", "epair0a");
    bridges.add(socket, "bridge0", "epair1a");

    assertThat(bridges.members(socket, "bridge0"))
        .extracting(BridgeMemberState::name)
        .containsExactly("epair1a", "epair0a");
    assertThatThrownBy(() -> interfaces.setMtu(socket, "epair0a", 1400))
        .hasMessageContaining("EOPNOTSUPP");
    interfaces.setMtu(socket, "bridge0", 1400);
    assertThat(interfaces.mtu(socket, "epair0a")).isEqualTo(1400);
    bridges.setMemberFlags(socket, "bridge0", "epair0a", BridgeAbi.IFBIF_STP);
    assertThat(bridges.member(socket, "bridge0", "epair0a").flags()).isEqualTo(BridgeAbi.IFBIF_STP);
    bridges.setTimeout(socket, "bridge0", 60);
    assertThat(bridges.timeout(socket, "bridge0")).isEqualTo(60);
    assertThat(bridges.addresses(socket, "bridge0")).isEmpty();
    clones.destroy(socket, "epair0b");
    assertThat(bridges.members(socket, "bridge0"))
        .extracting(BridgeMemberState::name)
        .containsExactly("epair1a");
  }

  @Test
  void a_bridge_with_many_members_is_listed_whole() {
    clones.create(socket, "bridge");
    BridgeCalls bridges = new BridgeCalls(kernel);
    for (int i = 0; i < 16; i++) {
      bridges.add(socket, "bridge0", clones.create(socket, "epair"));
    }

    assertThat(bridges.members(socket, "bridge0")).hasSize(16);
  }

  @Test
  void a_vlan_sits_on_its_parent() {
    clones.create(socket, "epair");
    clones.create(socket, "vlan");
    VlanCalls vlans = new VlanCalls(kernel);

    vlans.set(socket, "vlan0", "epair0a", 42);

    assertThat(vlans.get(socket, "vlan0"))
        .isEqualTo(new VlanCalls.Vlan("epair0a", 42, VlanAbi.ETHERTYPE_VLAN));
    assertThatThrownBy(() -> vlans.set(socket, "vlan0", "epair0a", 43))
        .hasMessageContaining("EBUSY");
    vlans.unset(socket, "vlan0");
    assertThat(vlans.get(socket, "vlan0").parent()).isEmpty();
  }

  @Test
  void a_vxlan_is_made_with_its_number_and_ends() throws Exception {
    VxlanCalls vxlans = new VxlanCalls(kernel);
    InetAddress local = InetAddress.getByName("192.0.2.1");
    InetAddress remote = InetAddress.getByName("192.0.2.2");

    String name = vxlans.create(socket, "vxlan", 4711, local, remote, 4789);

    VxlanCalls.Vxlan vxlan = vxlans.get(socket, name);
    assertThat(vxlan.vni()).isEqualTo(4711);
    assertThat(vxlan.local()).contains(local);
    assertThat(vxlan.remote()).contains(remote);
    assertThatThrownBy(
            () -> vxlans.create(socket, "vxlan", 1, local, InetAddress.getByName("::1"), 4789))
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("different families");
  }

  @Test
  void names_that_do_not_fit_are_refused_before_the_kernel_sees_them() {
    machine.fault((number, call) -> 5);
    for (String name : List.of("sixteen-bytes-xx", "nul\0in-it")) {
      assertThatThrownBy(() -> interfaces.mtu(socket, name)).isInstanceOf(VnetException.class);
      assertThatThrownBy(() -> interfaces.rename(socket, "lo0", name))
          .isInstanceOf(VnetException.class);
    }
    assertThat(machine.calls()).isZero();
  }
}
