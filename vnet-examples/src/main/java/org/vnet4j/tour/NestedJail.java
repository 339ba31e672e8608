// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Bridge;
import org.vnet4j.DhcpLease;
import org.vnet4j.Epair;
import org.vnet4j.Exec;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/** Chapter: creates a jail in a jail behind a bridge, with an epair end named em0 as the uplink. */
final class NestedJail {
  private NestedJail() {}

  static void run(Vnet vnet, Narrator narrator, List<Epair> cables) {
    Host host = vnet.host();
    narrator.chapter("A jail in a jail, behind a bridge");
    narrator.say("The other end of em0 is a jail named provider: it plays the network outside.");
    Jail provider = host.jail("provider").create();
    Epair uplink = host.epair().names("em0", "outside").vnet(provider).create();
    cables.add(uplink);
    uplink.b().inet("198.51.100.1/24").up();

    narrator.step(
        "jail -c name=isojail persist vnet vnet.interface=em0 children.max=1",
        "NetInterface em0 = host.iface(\"em0\");\n"
            + "Jail iso = host.jail(\"isojail\").persist().vnet(em0).childrenMax(1).create();");
    NetInterface em0 = host.iface("em0");
    Jail iso = host.jail("isojail").persist().vnet(em0).childrenMax(1).create();

    narrator.step(
        "jexec isojail ifconfig bridge create\n  # jexec isojail ifconfig epair create",
        "Bridge bridge = iso.bridge().create();\nEpair cable = iso.epair().create();");
    Bridge bridge = iso.bridge().create();
    Epair cable = iso.epair().create();
    cables.add(cable);

    narrator.step(
        "jexec isojail jail -c name=subjail persist vnet vnet.interface=" + cable.b().name(),
        "Jail sub = iso.jail(\"subjail\").persist().vnet(cable.b()).create();");
    Jail sub = iso.jail("subjail").persist().vnet(cable.b()).create();
    narrator.show(sub.name() + ", jid " + sub.jid());

    narrator.step(
        "jexec isojail ifconfig bridge0 addm em0 addm " + cable.a().name() + " up",
        "bridge.add(em0).add(cable.a()).up();\ncable.a().up();\nem0.up();");
    bridge.add(em0).add(cable.a()).up();
    cable.a().up();
    em0.up();
    bridge.members().forEach(narrator::show);

    address(provider, sub, cable.b(), narrator);
    narrator.step(
        "jexec isojail.subjail ping -c 2 198.51.100.1", "sub.ping(\"198.51.100.1\").run();");
    narrator.show(narrator.patiently("ping", () -> sub.ping("198.51.100.1").count(2).run()));

    narrator.step(
        "jexec isojail jail -c name=second persist vnet",
        "iso.jail(\"second\").persist().create();");
    try {
      iso.jail("second").persist().create();
    } catch (Jail.LimitException e) {
      narrator.show(e.getMessage());
    }
  }

  /**
   * Configures the address by DHCP if a client and a server are installed, otherwise a static one.
   */
  private static void address(Jail provider, Jail sub, NetInterface end, Narrator narrator) {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      byHand(end, "for want of " + missing.get(), narrator);
      return;
    }
    Process server = dnsmasq(provider);
    try {
      narrator.step("jexec isojail.subjail dhclient " + end.name(), "sub.dhcp(cable.b());");
      DhcpLease lease = narrator.patiently("waiting for a lease", () -> sub.dhcp(end));
      narrator.show(lease);
      sub.routes().list().forEach(narrator::show);
    } catch (DhcpLease.NoLeaseException e) {
      byHand(end, "for " + e.getMessage(), narrator);
    } finally {
      server.destroyForcibly();
    }
  }

  private static void byHand(NetInterface end, String reason, Narrator narrator) {
    narrator.step(
        "jexec isojail.subjail ifconfig " + end.name() + " inet 198.51.100.10/24 up",
        "cable.b().inet(\"198.51.100.10/24\").up();");
    narrator.show("a static address, " + reason);
    end.inet("198.51.100.10/24").up();
  }

  private static Optional<String> missing() {
    boolean client =
        List.of("dhclient", "udhcpc", "dhcpcd").stream().anyMatch(n -> find(n) != null);
    return !client
        ? Optional.of("a DHCP client (dhclient, udhcpc or dhcpcd)")
        : find("dnsmasq") == null ? Optional.of("a DHCP server (dnsmasq)") : Optional.empty();
  }

  private static @Nullable Path find(String program) {
    return Arrays.stream(Exec.DEFAULT_PATH.split(":"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  private static Process dnsmasq(Jail provider) {
    return provider
        .exec(
            "dnsmasq",
            "--no-daemon",
            "--conf-file=/dev/null",
            "--port=0",
            "--interface=outside",
            "--bind-interfaces",
            "--dhcp-range=198.51.100.10,198.51.100.20,255.255.255.0,1h",
            "--dhcp-leasefile=/dev/null",
            "--leasefile-ro",
            "--dhcp-authoritative",
            "--no-ping",
            "--pid-file")
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }
}
