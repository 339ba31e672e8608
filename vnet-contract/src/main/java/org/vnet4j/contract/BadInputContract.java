// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Bridge;
import org.vnet4j.Capability;
import org.vnet4j.Epair;
import org.vnet4j.Exec;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.NetInterface.BusyException;
import org.vnet4j.NetInterface.NameTakenException;
import org.vnet4j.NetInterface.NotFoundException;
import org.vnet4j.Vnet;
import org.vnet4j.net.Cidr;

/** Bad input causes an error that names the input, and changes nothing. */
public abstract class BadInputContract extends Contract {

  static Stream<String> badInterfaceNames() {
    return Stream.of(
        "",
        "sixteen_letters_",
        "a/b",
        "../x",
        "a\0b",
        "a b",
        "$(x)",
        "a;b",
        "`x`",
        "a|b",
        "é",
        "a\n",
        "-x",
        ".",
        "..");
  }

  @ParameterizedTest
  @MethodSource("badInterfaceNames")
  void an_interface_name_is_short_and_plain(String name) {
    NetInterface end = cable(host, host).a();
    String quoted = "interface name \"" + shown(name) + "\"";

    refused(IllegalArgumentException.class, () -> end.rename(name), quoted);
    refused(IllegalArgumentException.class, () -> host.iface(name), quoted);
    refused(IllegalArgumentException.class, () -> host.bridge().name(name).create(), quoted);
    refused(IllegalArgumentException.class, () -> host.epair().names("ok", name).create(), quoted);
    refused(IllegalArgumentException.class, () -> host.tap().name(name).create(), quoted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a/b", "..", "a.b", "a\0b", "a b", "$(x)", "a;b", "`x`", "é", "-x", "42", "a\n", "a=b",
        "a,b"
      })
  void a_jail_name_is_plain_and_no_number(String name) {
    refused(
        IllegalArgumentException.class,
        () -> host.jail(name).create(),
        "jail name \"" + shown(name) + "\"");
  }

  @Test
  void a_jail_name_is_not_endless() {
    refused(IllegalArgumentException.class, () -> host.jail("a".repeat(201)).create(), "201");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "$(x)", "a/b", "-x", "a\0b"})
  void a_hostname_is_plain(String name) {
    Jail jail = jail("web");
    String quoted = "hostname \"" + shown(name) + "\"";

    refused(IllegalArgumentException.class, () -> jail.hostname(name), quoted);
    refused(IllegalArgumentException.class, () -> host.jail("x").hostname(name).create(), quoted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1/33",
        "192.0.2.1",
        "192.0.2.1/",
        "192.0.2.1/-1",
        "192.0.2/24",
        "192.0.2.256/24",
        "example.org/24",
        "192.0.2.1/24 ",
        "",
        "/24",
        "010.0.0.1/8"
      })
  void an_ipv4_address_has_four_numbers_and_a_prefix_length(String address) {
    NetInterface end = cable(host, host).a().inet("192.0.2.9/24");

    refused(IllegalArgumentException.class, () -> end.inet(address), "\"" + address + "\"");
    refused(
        IllegalArgumentException.class, () -> end.deleteAddress(address), "\"" + address + "\"");
  }

  @Test
  void an_address_is_of_the_family_it_is_said_to_be() {
    needs(Capability.IPV6);
    NetInterface end = cable(host, host).a();

    refused(IllegalArgumentException.class, () -> end.inet("2001:db8::1/64"), "2001:db8::1/64");
    refused(IllegalArgumentException.class, () -> end.inet6("192.0.2.1/24"), "192.0.2.1/24");
    refused(IllegalArgumentException.class, () -> end.inet6("2001:db8::1/129"), "129");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "0.0.0.0/8", "224.0.0.1/4", "255.255.255.255/32"})
  void what_is_no_address_of_a_machine_is_none_of_an_interface(String address) {
    NetInterface end = cable(host, host).a();

    refused(IllegalArgumentException.class, () -> end.inet(address), "c0a", address);
    refused(
        IllegalArgumentException.class, () -> end.addAddress(Cidr.parse("ff02::1/64")), "ff02::1");
    refused(IllegalArgumentException.class, () -> end.addAddress(Cidr.parse("::/0")), "::/0");
  }

  @Test
  void a_gateway_is_a_machine_on_a_link() {
    cable(host, host);

    for (String gateway : List.of("0.0.0.0", "224.0.0.1", "ff02::2", "::")) {
      refused(IllegalArgumentException.class, () -> host.routes().add("default", gateway), gateway);
    }
    refused(
        IllegalArgumentException.class, () -> host.routes().add("default", "fe80::1"), "fe80::1%");
    refused(
        IllegalArgumentException.class, () -> host.routes().add("default", "fe80::1%a b"), "a b");
  }

  @Test
  void a_time_limit_is_more_than_zero() {
    for (Duration time : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
      String text = time.toString();
      refused(IllegalArgumentException.class, () -> host.exec("true").run(time), text);
      refused(
          IllegalArgumentException.class,
          () -> host.sockets().connect("192.0.2.1", 80, time),
          text);
    }
  }

  @Test
  void an_interface_must_be_there() {
    Jail jail = jail("web");
    cable(host, jail);

    refused(NotFoundException.class, () -> host.iface("nosuch"), "nosuch");
    refused(NotFoundException.class, () -> host.iface("c0b"), "c0b");
    refused(NotFoundException.class, () -> jail.iface("c0a"), "c0a");
    refused(NotFoundException.class, () -> jail.bridge("nosuch"), "nosuch");
  }

  @Test
  void an_interface_must_not_be_there_already() {
    Jail jail = jail("web");
    Epair cable = cable(host, jail);

    refused(BusyException.class, () -> jail.vnet(cable.b()), "c0b", "web");
  }

  @Test
  void a_member_of_a_bridge_is_not_given_away() {
    needs(Capability.BRIDGE);
    Jail jail = jail("web");
    Epair cable = cable(host, host);
    Bridge bridge = host.bridge().create().add(cable.a());

    refused(BusyException.class, () -> jail.vnet(cable.a()), "c0a", bridge.name());
  }

  @Test
  void a_jail_that_cannot_have_its_interfaces_is_not_made() {
    Epair cable = cable(host, host);
    NetInterface gone = cable(host, host).a();
    gone.destroy();

    refused(NotFoundException.class, () -> host.jail("x").vnet(cable.a(), gone).create(), "c1a");
    refused(
        BusyException.class, () -> host.jail("x").vnet(cable.a(), cable.a()).create(), "c0a", "x");
    assertThat(cable.a().stack()).isSameAs(host);
  }

  @Test
  void names_are_taken_once() {
    jail("web");
    cable(host, host);

    refused(Jail.NameTakenException.class, () -> host.jail("web").create(), "web");
    refused(NameTakenException.class, () -> host.epair().names("c0b", "x").create(), "c0b");
    refused(NameTakenException.class, () -> host.iface("c0a").rename("c0b"), "c0b");
    refused(IllegalArgumentException.class, () -> host.epair().names("x", "x").create(), "\"x\"");
  }

  @Test
  void a_removed_jail_takes_part_in_nothing() {
    Jail jail = host.jail("web").childrenMax(1).create();
    NetInterface end = cable(host, host).a();
    jail.remove();

    refused(Jail.NotFoundException.class, () -> jail.vnet(end), "web");
    refused(Jail.NotFoundException.class, () -> end.vnet(jail), "web");
    refused(Jail.NotFoundException.class, () -> jail.epair().create(), "web");
    refused(Jail.NotFoundException.class, () -> host.epair().vnet(jail).create(), "web");
    refused(Jail.NotFoundException.class, () -> jail.jail("sub").create(), "web");
    refused(Jail.NotFoundException.class, () -> jail.hostname("x"), "web");
    refused(Jail.NotFoundException.class, () -> jail.routes().list(), "web");
    if (vnet.has(Capability.FORWARDING)) {
      refused(Jail.NotFoundException.class, () -> jail.forwarding(true), "web");
    }
    refused(Jail.NotFoundException.class, () -> jail.exec("true").start(), "web");
  }

  @Test
  void a_destroyed_interface_takes_part_in_nothing() {
    needs(Capability.BRIDGE);
    Jail jail = jail("web");
    Bridge bridge = host.bridge().create();
    NetInterface end = cable(host, host).a();
    end.destroy();

    refused(NotFoundException.class, () -> bridge.add(end), "c0a");
    refused(NotFoundException.class, () -> jail.vnet(end), "c0a");
    refused(NotFoundException.class, () -> host.routes().add("10.0.0.0/8", end), "c0a");
  }

  @Test
  void things_of_two_sandboxes_do_not_mix() {
    NetInterface end = cable(host, host).a();
    try (Vnet other = sandbox()) {
      Jail theirs = other.host().jail("theirs").create();

      refused(IllegalArgumentException.class, () -> end.vnet(theirs), "c0a", "theirs");
      refused(IllegalArgumentException.class, () -> host.epair().vnet(theirs), "theirs");
    }
  }

  @Test
  void a_program_must_be_named() {
    refused(IllegalArgumentException.class, () -> host.exec(), "no program");
    refused(IllegalArgumentException.class, () -> host.exec(""), "no program");
    refused(IllegalArgumentException.class, () -> host.exec("true", "a\0b"), "NUL");
    refused(IllegalArgumentException.class, () -> host.exec("true").env("A=B", "c"), "A=B");
  }

  @Test
  void a_program_must_exist() {
    needsTraffic();
    Jail jail = jail("web");

    refused(Exec.StartException.class, () -> jail.exec("nosuchprogram").start(), "nosuchprogram");
  }

  @Test
  void a_ping_goes_to_an_address() {
    for (String to : new String[] {"", "example.org", "192.0.2.1/24", "$(x)"}) {
      refused(IllegalArgumentException.class, () -> host.ping(to), "\"" + to + "\"");
    }
    refused(IllegalArgumentException.class, () -> host.ping("fe80::1"), "fe80::1");
    refused(IllegalArgumentException.class, () -> host.ping("192.0.2.1").count(0), "count 0");
    refused(IllegalArgumentException.class, () -> host.ping("192.0.2.1").size(65508), "65508");
  }

  /** Returns a name as messages show it: characters that cannot be printed are escaped. */
  private static String shown(String name) {
    return name.replace("\0", "\\u0000").replace("\n", "\\u000a");
  }
}
