// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.contract.memory.MemoryKernel;
import org.vnet4j.net.Cidr;
import org.vnet4j.spi.InterfaceDriver;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.StackParts;

/** Tests the model by itself: handles, roll back, log. The contract tests the rest. */
class ModelTest {
  private final MemoryKernel kernel = new MemoryKernel();
  private final Vnet vnet = StackParts.vnet(kernel);
  private final Host host = vnet.host();

  @AfterEach
  void close() {
    vnet.close();
  }

  @Test
  void handles_on_one_interface_are_equal_however_one_came_by_them() {
    Epair cable = host.epair().create();

    assertThat(host.iface("epair0a")).isEqualTo(cable.a()).hasSameHashCodeAs(cable.a());
    assertThat(host.interfaces()).contains(cable.a(), cable.b());
    assertThat(cable.a()).isNotEqualTo(cable.b());
  }

  @Test
  void a_bridge_handle_equals_the_interface_handle_on_it() {
    Bridge bridge = host.bridge().create();

    assertThat(host.iface("bridge0")).isEqualTo(bridge);
    assertThat(host.bridge("bridge0")).isEqualTo(bridge);
  }

  @Test
  void handles_on_interfaces_of_one_name_in_two_stacks_differ() {
    Jail jail = host.jail("web").create();
    host.epair().names("wire", "x").create();
    jail.epair().names("wire", "x").create();

    assertThat(host.iface("wire")).isNotEqualTo(jail.iface("wire"));
  }

  @Test
  void every_handle_follows_moves_and_new_names() {
    Jail jail = host.jail("web").create();
    NetInterface made = host.epair().create().b();
    NetInterface found = host.iface("epair0b");

    made.vnet(jail).rename("door");
    found.inet("192.0.2.2/24");

    assertThat(found.stack()).isSameAs(jail);
    assertThat(found.name()).isEqualTo("door");
    assertThat(jail.iface("door")).isEqualTo(made);
    assertThat(made.addresses()).containsExactly(Cidr.parse("192.0.2.2/24"));
  }

  @Test
  void a_name_left_behind_is_free_for_another_handle() {
    Jail jail = host.jail("web").create();
    NetInterface moved = host.epair().names("wire", "x").create().a().vnet(jail);

    NetInterface fresh = host.epair().names("wire", "y").create().a();

    assertThat(fresh).isNotEqualTo(moved);
    assertThat(fresh.stack()).isSameAs(host);
    assertThat(moved.stack()).isSameAs(jail);
  }

  @Test
  void an_interface_moved_onto_a_stale_name_takes_it_over() {
    NetInterface stale = host.epair().names("wire", "x").create().a();
    kernel.destroyFromOutside(Kernel.HOST, "wire");
    Jail jail = host.jail("web").create();
    NetInterface wire = jail.epair().names("wire", "x").create().a();

    host.epair().names("y", "z").create().a().rename("wire");

    assertThat(stale.exists()).isFalse();
    assertThat(host.iface("wire")).isNotEqualTo(stale).isNotEqualTo(wire);
  }

  @Test
  void what_another_program_destroyed_is_not_there() {
    NetInterface end = host.epair().create().a();

    kernel.destroyFromOutside(Kernel.HOST, "epair0a");

    assertThat(end.exists()).isFalse();
    assertThatThrownBy(end::up)
        .isInstanceOf(NetInterface.NotFoundException.class)
        .hasMessageContaining("SIOCSIFFLAGS epair0a: ENXIO");
    assertThat(end.toString()).startsWith("epair0a (");
  }

  @Test
  void a_jail_removed_by_another_program_is_not_there() {
    Jail jail = host.jail("web").create();
    NetInterface end = jail.epair().create().a();

    kernel.jails().remove(jail.jid(), home -> {});

    assertThat(jail.exists()).isFalse();
    assertThat(end.exists()).isFalse();
    assertThat(jail).hasToString("web (removed)");
    assertThatThrownBy(jail::info).isInstanceOf(Jail.NotFoundException.class);
    jail.close();
  }

  @Test
  void closing_what_another_vnet_made_lets_it_stay() {
    Jail jail = host.jail("web").create();
    Epair cable = host.epair().vnet(jail).create();
    Vnet others = StackParts.vnet(kernel);

    others.epairs().forEach(Epair::close);
    others.jails().forEach(Jail::close);

    assertThat(jail.exists()).isTrue();
    assertThat(cable.a().exists()).isTrue();
    vnet.epairs().forEach(Epair::close);
    assertThat(cable.b().exists()).isFalse();
    others.findJail("web").orElseThrow().remove();
    assertThat(jail.exists()).isFalse();
  }

  @Test
  void all_fluent_methods_of_an_interface_return_the_bridge_they_are_called_on() throws Exception {
    for (Method method : NetInterface.class.getMethods()) {
      if (method.getReturnType() == NetInterface.class && !method.isBridge()) {
        Method own = Bridge.class.getMethod(method.getName(), method.getParameterTypes());
        assertThat(own.getReturnType()).as(method.toString()).isEqualTo(Bridge.class);
      }
    }
  }

  @Test
  void a_jail_that_cannot_have_an_interface_is_rolled_back() {
    Epair one = host.epair().create();
    Epair two = host.epair().create();
    kernel.refuseToMove("epair1b");

    assertThatThrownBy(() -> host.jail("web").vnet(one.b(), two.b()).create())
        .isInstanceOf(VnetException.class)
        .hasMessageContaining("SIOCSIFVNET epair1b")
        .hasMessageContaining("EINVAL");

    assertThat(vnet.jls()).isEmpty();
    assertThat(one.b().stack()).isSameAs(host);
    assertThat(two.b().stack()).isSameAs(host);
    assertThat(host.iface("epair0b")).isEqualTo(one.b());
  }

  @Test
  void an_epair_says_where_its_ends_are() {
    Jail jail = host.jail("networkjail").create();
    Epair cable = host.epair().vnet(jail).create();

    assertThat(cable).hasToString("epair0a@host <-> epair0b@networkjail");
  }

  @Test
  void a_closed_vnet_closes_its_kernel_once() {
    assertThat(MemoryKernel.open()).isNotEmpty();
    vnet.close();
    vnet.close();

    assertThat(vnet).hasToString("Vnet (closed)");
    assertThatThrownBy(vnet::capabilities).isInstanceOf(Vnet.ClosedException.class);
  }

  @Test
  void what_others_destroyed_is_destroyed_without_an_error() {
    List<Epair> cables =
        List.of(host.epair().create(), host.epair().create(), host.epair().create());
    InterfaceDriver others = ((Kernel) kernel).stack(Kernel.HOST).interfaces();
    others.destroy(cables.get(0).a().name());
    others.destroy(cables.get(1).b().name());

    cables.get(0).destroy();
    vnet.destroy(cables);
    vnet.destroy(cables);

    assertThat(host.interfaces()).extracting(NetInterface::name).containsExactly("lo0");
    assertThat(cables).noneMatch(cable -> cable.a().exists() || cable.b().exists());
  }

  @Test
  void success_is_silent() {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      Jail jail = host.jail("web").persist().create();
      Epair cable = host.epair().vnet(jail).create();
      cable.b().inet("192.0.2.2/24").up();
      host.bridge().create().add(cable.a()).delete(cable.a()).destroy();
      jail.forwarding(true);
      jail.remove();
      cable.destroy();
    } finally {
      System.setErr(before);
    }

    assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void a_jail_that_cannot_have_all_its_interfaces_gives_the_others_back_as_they_were() {
    Jail web = host.jail("web").create();
    Epair cable = host.epair().vnet(web).create();
    cable.b().inet("192.0.2.1/24").up();
    kernel.refuseToMove("epair0a");

    assertThatThrownBy(() -> host.jail("db").vnet(cable.b(), cable.a()).create())
        .isInstanceOf(VnetException.class)
        .hasNoSuppressedExceptions();

    assertThat(vnet.findJail("db")).isEmpty();
    assertThat(cable.b().stack()).isSameAs(web);
    assertThat(cable.b().addresses()).extracting(Cidr::toString).containsExactly("192.0.2.1/24");
    assertThat(cable.b().isUp()).isTrue();
  }
}
