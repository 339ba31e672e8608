// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetInterface.BusyException;
import org.vnet4j.NetInterface.NameTakenException;
import org.vnet4j.Vnet;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.MacAddress;

/** Interfaces are lent to jails and taken back. */
public abstract class GiveContract extends Contract {
  static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:2a");

  @Test
  void a_jail_is_created_with_an_interface_in_it() {
    Epair cable = host.epair().create();

    Jail jail = host.jail("web").vnet(cable.b()).create();

    assertThat(cable.b().stack()).isSameAs(jail);
    assertThat(names(jail)).contains(cable.b().name());
    assertThat(names(host)).contains(cable.a().name()).doesNotContain(cable.b().name());
  }

  @Test
  void a_handle_acts_where_its_interface_is() {
    Jail jail = jail("web");
    NetInterface end = host.epair().create().b();

    end.vnet(jail);
    end.inet("192.0.2.2/24").up();

    assertThat(jail.iface(end.name()).addresses()).contains(Cidr.parse("192.0.2.2/24"));
    assertThat(jail.iface(end.name())).isEqualTo(end);
    assertThat(end.isUp()).isTrue();
  }

  @Test
  void a_running_jail_takes_several_interfaces() {
    Jail jail = jail("web");
    Epair one = host.epair().create();
    Epair two = host.epair().create();

    jail.vnet(one.b(), two.b());

    assertThat(names(jail)).contains(one.b().name(), two.b().name());
  }

  @Test
  void name_mac_mtu_and_description_survive_and_addresses_do_not() {
    Jail jail = jail("web");
    NetInterface end = dressed();

    end.vnet(jail);

    assertUndressed(end);
    assertThat(end.stack()).isSameAs(jail);
  }

  @Test
  void an_interface_taken_back_is_as_it_was_given() {
    Jail jail = jail("web");
    NetInterface end = dressed().vnet(jail).inet("192.0.2.2/24").up();

    end.reclaim();

    assertUndressed(end);
    assertThat(end.stack()).isSameAs(host);
    assertThat(names(jail)).doesNotContain(end.name());
  }

  @Test
  void an_interface_goes_from_one_jail_to_another() {
    Jail first = jail("first");
    Jail second = jail("second");
    NetInterface end = dressed().vnet(first);

    second.vnet(end);

    assertUndressed(end);
    assertThat(end.stack()).isSameAs(second);
    assertThat(names(first)).doesNotContain(end.name());
  }

  @Test
  void an_interface_goes_down_to_a_jail_in_a_jail_and_back_step_by_step() {
    needs(Capability.NESTED_JAILS);
    Jail outer = host.jail("outer").childrenMax(1).create();
    Jail inner = outer.jail("inner").create();
    NetInterface end = dressed().vnet(outer).vnet(inner);
    assertThat(end.stack()).isSameAs(inner);

    assertThat(end.reclaim().stack()).isSameAs(outer);
    assertThat(end.reclaim().stack()).isSameAs(host);
    assertUndressed(end);
  }

  @Test
  void cables_laid_at_once_from_one_stack_may_have_one_name_at_their_other_ends() throws Exception {
    Jail hub = jail("hub");
    List<Jail> spokes = Stream.of("a", "b", "c", "d").map(this::jail).toList();
    spokes
        .get(0)
        .epair()
        .create(); // its names differ from those of hub's, whatever stack counts the units
    ExecutorService crew = Executors.newFixedThreadPool(spokes.size());
    try {
      for (int round = 0; round < 5; round++) {
        List<Callable<Epair>> work = new ArrayList<>();
        for (Jail spoke : spokes) {
          work.add(() -> hub.epair().names("to-" + spoke.name(), "to-hub").vnet(spoke).create());
        }
        for (Future<Epair> laid : crew.invokeAll(work)) {
          laid.get().destroy();
        }
      }
    } finally {
      crew.shutdown();
    }
    assertThat(names(hub)).noneMatch(name -> name.startsWith("to-"));
  }

  @Test
  void an_interface_cannot_be_given_where_it_is() {
    Jail jail = jail("web");
    NetInterface end = cable(host, jail).b();

    refused(BusyException.class, () -> jail.vnet(end), "c0b", "web");
  }

  @Test
  void there_is_nothing_to_take_back_from_the_host() {
    NetInterface end = cable(host, host).a();

    refused(BusyException.class, end::reclaim, "c0a", "host");
  }

  @Test
  void an_interface_stays_where_it_is_if_its_name_is_taken_there() {
    Jail jail = jail("web");
    jail.epair().names("wire", "wire2").create();
    NetInterface mine = host.epair().names("wire", "wire3").create().a().inet("192.0.2.1/24");

    refused(NameTakenException.class, () -> jail.vnet(mine), "wire");

    assertThat(mine.stack()).isSameAs(host);
    assertThat(mine.addresses()).contains(Cidr.parse("192.0.2.1/24"));
  }

  @Test
  void a_member_of_a_bridge_cannot_be_given_away() {
    needs(Capability.BRIDGE);
    Jail jail = jail("web");
    NetInterface end = cable(host, host).a();
    host.bridge().name("switch").create().add(end);

    refused(BusyException.class, () -> jail.vnet(end), "c0a", "switch");
    refused(BusyException.class, () -> host.jail("mail").vnet(end).create(), "c0a", "switch");
  }

  @Test
  void a_bridge_moves_only_where_the_kernel_can_move_it() {
    needs(Capability.BRIDGE);
    Jail jail = jail("web");
    Bridge bridge = host.bridge().create();

    if (vnet.has(Capability.MOVE_BRIDGE)) {
      jail.vnet(bridge);
      assertThat(bridge.stack()).isSameAs(jail);
    } else {
      refused(Vnet.UnsupportedException.class, () -> jail.vnet(bridge), "MOVE_BRIDGE");
    }
  }

  /** Creates an interface on the host with everything that an interface can have. */
  NetInterface dressed() {
    return cable(host, host)
        .b()
        .lladdr(MAC)
        .mtu(1400)
        .description("the web's uplink")
        .inet("192.0.2.9/24")
        .up();
  }

  static void assertUndressed(NetInterface end) {
    assertThat(end.name()).isEqualTo("c0b");
    assertThat(end.lladdr()).contains(MAC);
    assertThat(end.mtu()).isEqualTo(1400);
    assertThat(end.description()).isEqualTo("the web's uplink");
    assertThat(end.addresses()).isEmpty();
    assertThat(end.isUp()).isFalse();
  }
}
