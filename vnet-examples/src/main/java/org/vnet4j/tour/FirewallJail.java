// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import static org.vnet4j.firewall.Rules.any;
import static org.vnet4j.firewall.Rules.deny;
import static org.vnet4j.rehearsal.Probe.ping;
import static org.vnet4j.rehearsal.Probe.tcp;

import java.time.Duration;
import java.util.function.Supplier;
import org.vnet4j.Epair;
import org.vnet4j.Host;
import org.vnet4j.Jail;
import org.vnet4j.Modules;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Trial;
import org.vnet4j.rehearsal.Rehearsal;

/**
 * Chapters: a jail locks itself out with its own ipfw while the host stays reachable; then a
 * rehearsal shows the effect of rules before they are loaded.
 */
final class FirewallJail {
  private FirewallJail() {}

  static void run(Vnet vnet, Supplier<Vnet> sandboxes, Narrator narrator) {
    Host host = vnet.host();
    narrator.chapter("A jail with a firewall of its own");
    narrator.step(
        "kenv net.inet.ip.fw.default_to_accept=1; kldload ipfw",
        "vnet.kenv().set(\"net.inet.ip.fw.default_to_accept\", \"1\");\n"
            + "vnet.modules().load(\"ipfw\");");
    try {
      vnet.kenv().set("net.inet.ip.fw.default_to_accept", "1");
      vnet.modules().load("ipfw");
    } catch (Modules.NotFoundException e) {
      narrator.say("Left out: " + e.getMessage());
      return;
    }
    Epair cable = host.epair().create();
    Jail jail = host.jail("fw").persist().vnet(cable.b()).create();
    cable.b().inet("192.0.2.2/24").up();
    cable.a().inet("192.0.2.1/24").up();
    narrator.step("jexec fw ipfw list", "Ipfw ipfw = jail.ipfw();\nipfw.list();");
    Ipfw ipfw = jail.ipfw();
    ipfw.list().forEach(narrator::show);
    narrator.step(
        "jexec fw ipfw add 100 deny ip from any to any",
        "ipfw.add(100, deny().ip().from(any()).to(any()));");
    narrator.show(ipfw.add(100, deny().ip().from(any()).to(any())));
    narrator.step("jexec fw ping -c 1 192.0.2.1", "jail.ping(\"192.0.2.1\").count(1).run();");
    narrator.show(jail.ping("192.0.2.1").count(1).timeout(Duration.ofMillis(500)).run());
    narrator.say("");
    narrator.say("The jail has locked itself out. The host's own network works:");
    narrator.step("ping -c 1 192.0.2.1", "host.ping(\"192.0.2.1\").count(1).run();");
    narrator.show(host.ping("192.0.2.1").count(1).run());
    narrator.say("");
    narrator.say("And the jail's stack is still in our hands:");
    narrator.step("jexec fw ipfw delete 100", "ipfw.delete(100);");
    ipfw.delete(100);
    narrator.step("jexec fw ping -c 1 192.0.2.1", "jail.ping(\"192.0.2.1\").count(1).run();");
    narrator.show(jail.ping("192.0.2.1").count(1).run());
    rehearse(jail, sandboxes, narrator);
    jail.remove();
    cable.destroy();
  }

  private static void rehearse(Jail jail, Supplier<Vnet> sandboxes, Narrator narrator) {
    narrator.chapter("The same, rehearsed");
    narrator.say("A replica of the jail, in a sandbox of its own, tells what rules would do:");
    RuleSet careless = RuleSet.parse("100 deny ip from any to any");
    RuleSet careful =
        RuleSet.parse(
            "100 allow icmp from any to any\n"
                + "200 allow tcp from any to me 22 setup keep-state");
    for (RuleSet rules : new RuleSet[] {careless, careful}) {
      StringBuilder java =
          new StringBuilder("Rehearsal.of(jail)\n    .ipfw(RuleSet.parse(\"\"\"\n");
      rules.rules().forEach(rule -> java.append("        ").append(rule).append('\n'));
      java.append("        \"\"\"))\n    .expect(ping(\"192.0.2.1\", \"192.0.2.2\")).answered()\n");
      java.append("    .expect(tcp(\"192.0.2.1\", \"192.0.2.2\", 22)).open()\n    .run();");
      narrator.step(java.toString());
      narrator.show(rehearsal(jail, sandboxes, rules).run());
    }
    narrator.say("");
    narrator.say(
        "The careful ones go into the jail, and would leave it again without a confirmation:");
    narrator.step(
        "try (Trial trial = rehearsal.applyTo(jail).confirmWithin(Duration.ofSeconds(30))) {\n"
            + "  trial.confirm();\n"
            + "}");
    try (Trial trial =
        rehearsal(jail, sandboxes, careful).applyTo(jail).confirmWithin(Duration.ofSeconds(30))) {
      trial.confirm();
    }
    jail.ipfw().list().forEach(rule -> narrator.show(rule.show()));
  }

  private static Rehearsal rehearsal(Jail jail, Supplier<Vnet> sandboxes, RuleSet rules) {
    return Rehearsal.of(jail)
        .sandbox(sandboxes)
        .ipfw(rules)
        .expect(ping("192.0.2.1", "192.0.2.2"))
        .answered()
        .expect(tcp("192.0.2.1", "192.0.2.2", 22))
        .open();
  }
}
