// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/**
 * Chapters: gives one end of an epair to a jail, runs a web server in the jail, and removes the
 * jail.
 */
final class NetworkJail {
  private NetworkJail() {}

  static void run(Vnet vnet, Narrator narrator) {
    Host host = vnet.host();
    narrator.chapter("A jail with one end of an epair");
    vnet.modules().load("if_epair", "if_bridge");
    narrator.step("ifconfig epair create", "Epair cable = host.epair().create();");
    Epair cable = host.epair().create();
    narrator.show(cable.a().name());
    narrator.step(
        "jail -c name=networkjail persist vnet vnet.interface=epair0b",
        "Jail jail = host.jail(\"networkjail\").persist().vnet(cable.b()).create();");
    Jail jail = host.jail("networkjail").persist().vnet(cable.b()).create();
    narrator.step(
        "jexec networkjail ifconfig epair0b inet 192.0.2.2/24 up\n"
            + "  # ifconfig epair0a inet 192.0.2.1/24 up",
        "cable.b().inet(\"192.0.2.2/24\").up();      // the handle followed the end\n"
            + "cable.a().inet(\"192.0.2.1/24\").up();");
    cable.b().inet("192.0.2.2/24").up();
    cable.a().inet("192.0.2.1/24").up();
    narrator.step("ping -c 2 192.0.2.2", "host.ping(\"192.0.2.2\").count(2).run();");
    narrator.show(host.ping("192.0.2.2").count(2).run());
    narrator.step("jexec networkjail ifconfig epair0b", "System.out.println(cable.b());");
    narrator.show(cable.b());
    narrator.step("jls -v", "vnet.jails().forEach(System.out::println);");
    narrator.show(JailInfo.HEADING);
    vnet.jails().forEach(narrator::show);

    narrator.chapter("A web server in the jail");
    WebServer.run(host, jail, "192.0.2.2", narrator);

    narrator.chapter("What happens on removal");
    narrator.step("jail -r networkjail", "jail.remove();");
    String before = cable.b().stack().name();
    jail.remove();
    narrator.show("epair0b was in " + before + ", is now in " + cable.b().stack().name());
    narrator.step("ifconfig epair0b", "System.out.println(cable.b());");
    narrator.show(cable.b());
    narrator.step("ifconfig epair0a destroy", "cable.destroy();               // both halves go");
    cable.destroy();
    narrator.show(
        "interfaces on the host now: "
            + host.interfaces().stream().map(NetInterface::name).toList());
  }
}
