// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import java.util.List;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.probe.PingResult;

/**
 * Chapter: creates two pairs of jails with the same addresses and shows that they do not affect
 * each other.
 */
final class SameAddresses {
  private SameAddresses() {}

  static void run(Vnet vnet, Narrator narrator, List<Epair> cables) {
    Host host = vnet.host();
    narrator.chapter("Two jails with the same addresses");
    for (String site : List.of("red", "blue")) {
      narrator.step(
          commands(site),
          "Jail left = host.jail(\""
              + site
              + "-left\").create();\n"
              + "Jail right = host.jail(\""
              + site
              + "-right\").create();\n"
              + "Epair cable = left.epair().vnet(right).create();\n"
              + "cable.a().inet(\"10.0.0.1/24\").up();\n"
              + "cable.b().inet(\"10.0.0.2/24\").up();\n"
              + "left.ping(\"10.0.0.2\").count(2).run();");
      Jail left = host.jail(site + "-left").create();
      Jail right = host.jail(site + "-right").create();
      Epair cable = left.epair().vnet(right).create();
      cable.a().inet("10.0.0.1/24").up();
      cable.b().inet("10.0.0.2/24").up();
      cables.add(cable);
      PingResult ping = left.ping("10.0.0.2").count(2).run();
      narrator.show(ping);
    }
    narrator.say("");
    narrator.say("Each 10.0.0.1 reached its own 10.0.0.2, and the counters show no stranger:");
    for (Epair cable : cables.subList(cables.size() - 2, cables.size())) {
      narrator.show(
          cable.b().stack().name() + ": " + cable.b().counters().packetsIn() + " packets in");
    }
  }

  private static String commands(String site) {
    String left = site + "-left";
    String right = site + "-right";
    return String.join(
        "\n  # ",
        "jail -c name=" + left + " persist vnet; jail -c name=" + right + " persist vnet",
        "jexec " + left + " ifconfig epair create",
        "ifconfig epair0b -vnet " + left + "; ifconfig epair0b vnet " + right,
        "jexec " + left + " ifconfig epair0a inet 10.0.0.1/24 up",
        "jexec " + right + " ifconfig epair0b inet 10.0.0.2/24 up",
        "jexec " + left + " ping -c 2 10.0.0.2");
  }
}
