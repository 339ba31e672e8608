// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.freebsd.ioctl.CloneCalls;
import org.vnet4j.freebsd.ioctl.InetCalls;
import org.vnet4j.freebsd.ioctl.InterfaceCalls;
import org.vnet4j.freebsd.ioctl.LendCalls;
import org.vnet4j.freebsd.ioctl.ListCalls;
import org.vnet4j.freebsd.jail.JailAbi;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.jail.JailParametersTest;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.replay.Recording;
import org.vnet4j.freebsd.sys.ModuleCalls;
import org.vnet4j.freebsd.sys.SocketAbi;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.freebsd.sys.SysctlCalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Memory;

/** Tests routes and route messages on the simulated kernel. */
class RouteCallsTest {
  private final SimKernel machine = new SimKernel();
  private final SimProcess process = machine.process();
  private final Syscalls kernel = new Syscalls(process, process::errno);
  private final RouteCalls routes = new RouteCalls(kernel);
  private int socket;
  private int route;

  @BeforeEach
  void an_address_is_there() throws Exception {
    new ModuleCalls(kernel).load("if_epair");
    SocketCalls sockets = new SocketCalls(kernel);
    socket = sockets.open(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
    route = sockets.open(SocketAbi.PF_ROUTE, SocketAbi.SOCK_RAW, 0);
    new CloneCalls(kernel).create(socket, "epair");
    new InetCalls(kernel).add(socket, "epair0a", Cidr.parse("192.0.2.1/24"), null);
  }

  private static InetAddress ip(String text) {
    return Cidr.parse(text + (text.contains(":") ? "/128" : "/32")).address();
  }

  @Test
  void a_route_is_added_asked_for_changed_and_deleted() {
    Cidr net = Cidr.parse("10.1.0.0/16");
    routes.add(route, net, ip("192.0.2.254"));

    RouteMessage.Route found = routes.get(route, ip("10.1.2.3")).orElseThrow();
    assertThat(found.gateway()).contains(ip("192.0.2.254"));
    assertThat(found.destination()).isEqualTo(net.address());
    assertThat(found.prefixLength()).contains(16);
    assertThat(found.interfaceName()).contains("epair0a");
    assertThat(found.source()).contains(ip("192.0.2.1"));
    routes.change(route, net, ip("192.0.2.253"));
    assertThat(routes.get(route, ip("10.1.2.3")).orElseThrow().gateway())
        .contains(ip("192.0.2.253"));
    assertThatThrownBy(() -> routes.add(route, net, ip("192.0.2.254")))
        .hasMessage("RTM_ADD 10.1.0.0/16 via 192.0.2.254: EEXIST (File exists)");
    assertThatThrownBy(() -> routes.add(route, Cidr.parse("10.2.0.0/16"), ip("8.8.8.8")))
        .hasMessageContaining("ENETUNREACH");
    routes.delete(route, net);
    assertThat(routes.get(route, ip("10.1.2.3"))).isEmpty();
    assertThatThrownBy(() -> routes.delete(route, net)).hasMessageContaining("ESRCH");
  }

  @Test
  void a_default_route_and_a_host_route_and_one_by_an_interface() {
    int index = new InterfaceCalls(kernel).index(socket, "epair0a");
    routes.add(route, Cidr.parse("0.0.0.0/0"), ip("192.0.2.254"));
    routes.add(route, Cidr.parse("10.3.0.1/32"), ip("192.0.2.253"));
    routes.add(route, Cidr.parse("10.4.0.0/16"), index);

    assertThat(routes.get(route, ip("203.0.113.5")).orElseThrow().prefixLength()).contains(0);
    assertThat(routes.get(route, ip("10.3.0.1")).orElseThrow().prefixLength()).isEmpty();
    RouteMessage.Route on = routes.get(route, ip("10.4.1.1")).orElseThrow();
    assertThat(on.gateway()).isEmpty();
    assertThat(on.index()).isEqualTo(index);
  }

  @Test
  void the_routes_of_the_calling_process_s_stack_are_listed_by_a_variable() {
    routes.add(route, Cidr.parse("10.1.0.0/16"), ip("192.0.2.254"));
    int[] mib = {
      RouteAbi.CTL_NET, SocketAbi.PF_ROUTE, 0, SocketAbi.AF_INET, RouteAbi.NET_RT_DUMP, 0
    };

    Memory dump = Memory.of(new SysctlCalls(kernel).read(mib, "net.route.0.inet.dump"));

    assertThat(RouteCodec.decode(dump, dump.size()))
        .extracting(m -> ((RouteMessage.Route) m).destination().getHostAddress())
        .containsExactly("10.1.0.0", "127.0.0.1", "192.0.2.0", "192.0.2.1");
    Memory recorded = Memory.of(Recording.trace().get(124).bytes("out"));
    assertThat(RouteCodec.decode(recorded, recorded.size()))
        .hasSize(7)
        .extracting(m -> ((RouteMessage.Route) m).prefixLength().orElse(32))
        .containsExactly(0, 16, 32, 32, 24, 32, 32);
  }

  @Test
  void a_question_is_answered_though_the_socket_was_not_drained() {
    for (int i = 0; i < 300; i++) {
      new InterfaceCalls(kernel).setMtu(socket, "epair0a", 1400 + i % 2);
    }

    assertThat(routes.get(route, ip("192.0.2.7"))).isPresent();
  }

  @Test
  void lost_messages_are_an_error_where_events_are_read_and_none_where_they_are_dropped() {
    machine.fault((number, call) -> call.equals("read") && number == 1 ? 55 : 0);
    assertThatThrownBy(() -> routes.read(route))
        .hasMessageContaining("ENOBUFS")
        .hasMessageContaining("drain it");

    machine.fault((number, call) -> call.equals("read") && number == 1 ? 55 : 0);
    assertThat(routes.get(route, ip("192.0.2.7"))).isPresent();
  }

  @Test
  void what_happens_in_a_stack_is_told_on_its_sockets_only() {
    int jid = new JailCalls(kernel).set(JailAbi.JAIL_CREATE, "web", JailParametersTest.vnet("web"));
    int inside = machine.socketInJail(process, jid, SocketAbi.PF_ROUTE, SocketAbi.SOCK_RAW, 0);
    routes.drain(route);

    new LendCalls(kernel).give(socket, "epair0b", jid);

    assertThat(routes.read(route)).first().isInstanceOf(RouteMessage.InterfaceChange.class);
    assertThat(routes.read(route))
        .isEqualTo(List.of(new RouteMessage.InterfaceMove(17, 3, "epair0b", false)));
    assertThat(routes.read(inside))
        .isEqualTo(List.of(new RouteMessage.InterfaceMove(17, 3, "epair0b", true)));
    assertThat(routes.read(inside)).isEmpty();
  }

  @Test
  void bytes_of_any_kind_are_decoded_without_harm() {
    long chosen = RandomGenerator.getDefault().nextLong();
    System.out.println("seed " + chosen);
    // The first seed produces a link address that claims more bytes than it has.
    for (long seed : new long[] {-6080643284883717854L, chosen}) {
      RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
      for (int i = 0; i < 20_000; i++) {
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        if (bytes.length > 4) {
          bytes[0] = (byte) bytes.length;
          bytes[1] = (byte) (bytes.length >> 8);
          bytes[2] = (byte) RouteAbi.RTM_VERSION;
          bytes[3] = (byte) random.nextInt(20);
        }
        Memory memory = Memory.of(bytes);
        assertThat(RouteCodec.decode(memory, memory.size())).hasSizeLessThan(100);
      }
    }
  }

  /** A mostly valid message reaches more of the decoder than random bytes do. */
  @Test
  void damaged_recordings_are_decoded_without_harm() {
    long seed = RandomGenerator.getDefault().nextLong();
    System.out.println("seed " + seed);
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
    for (Recording.Line line : Recording.events()) {
      for (int i = 0; line.call().equals("event") && i < 500; i++) {
        byte[] bytes = line.bytes("out");
        for (int damage = random.nextInt(1, 6); damage > 0; damage--) {
          bytes[random.nextInt(4, bytes.length)] = (byte) random.nextInt();
        }
        Memory memory = Memory.of(bytes);
        assertThat(RouteCodec.decode(memory, memory.size())).hasSize(1);
      }
    }
    byte[] list = Recording.trace().get(115).bytes("out");
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = list.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      Memory memory = Memory.of(bytes);
      assertThat(ListCalls.decode(memory, memory.size())).hasSizeLessThan(20);
    }
  }
}
