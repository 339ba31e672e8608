// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.fault;

import static org.vnet4j.firewall.Rules.any;
import static org.vnet4j.firewall.Rules.count;
import static org.vnet4j.firewall.Rules.deny;
import static org.vnet4j.firewall.Rules.net;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Ipf;
import org.vnet4j.firewall.Ipfw;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.Pf;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Table;
import org.vnet4j.firewall.Trial;
import org.vnet4j.posix.fault.FaultScenarios.Run;
import org.vnet4j.posix.fault.FaultScenarios.Step;

/** The scenarios with firewalls: rules are added, changed, tried and deleted, alone and in sets. */
final class FirewallScenarios {
  private static final Map<String, String> MODULES =
      Map.of("ipfw", "ipfw", "trial", "ipfw", "pf", "pf", "ipf", "ipl");
  private static final String DEFAULT = "net.inet.ip.fw.default_to_accept";
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final RuleSet ONE =
      RuleSet.allowing().add(100, deny().ip().from(net("192.0.2.0/24")));
  private static final RuleSet OTHER =
      RuleSet.denying().add(200, count().tcp().from(any()).to(any()));

  private FirewallScenarios() {}

  static Map<String, List<Step>> all() {
    Map<String, List<Step>> all = new LinkedHashMap<>();
    all.put("ipfw", ipfw());
    all.put("trial", trial());
    all.put("pf", pf());
    all.put("ipf", ipf());
    return all;
  }

  private static Step step(FaultScenarios.Deed deed) {
    return FaultScenarios.step(deed);
  }

  private static Step jail() {
    return step(run -> run.keep("web", run.vnet.host().jail("web").create()));
  }

  private static Ipfw ipfw(Run run) {
    return run.jail("web").ipfw();
  }

  private static Pf pf(Run run) {
    return run.jail("web").pf();
  }

  private static Ipf ipf(Run run) {
    return run.jail("web").ipf();
  }

  private static Step loadIpfw() {
    return step(run -> run.vnet.modules().loadIpfw(Action.Plain.ALLOW));
  }

  private static List<Step> ipfw() {
    return List.of(
        loadIpfw(),
        jail(),
        step(run -> ipfw(run).add(100, deny().ip().from(any()).to(any()))),
        run -> ipfw(run).add(count().tcp()).number(),
        step(run -> ipfw(run).load(ONE)),
        step(run -> ipfw(run).set(3).add(100, count().tcp())),
        step(run -> ipfw(run).set(7).disable()),
        step(run -> ipfw(run).delete(100)), // deletes in two sets
        step(run -> ipfw(run).set(5).add(500, count().udp())),
        step(run -> ipfw(run).set(5).disable()),
        step(run -> ipfw(run).set(5).delete()),
        step(run -> ipfw(run).table("bad").create()),
        step(run -> ipfw(run).table("bad").add("192.0.2.0/24", "198.51.100.7/32")),
        step(run -> ipfw(run).table("bad").destroy()),
        step(run -> ipfw(run).flush()));
  }

  private static List<Step> trial() {
    return List.of(
        loadIpfw(),
        jail(),
        step(run -> ipfw(run).load(ONE)),
        step(run -> run.keep("trial", ipfw(run).loadOnTrial(OTHER, LONG))),
        step(run -> run.get("trial", Trial.class).restore()),
        step(run -> run.keep("trial", ipfw(run).loadOnTrial(OTHER, LONG))),
        step(run -> run.get("trial", Trial.class).confirm()),
        step(run -> ipfw(run).add(300, count().tcp())));
  }

  private static List<Step> pf() {
    return List.of(
        step(run -> run.vnet.modules().load("pf")),
        jail(),
        step(run -> pf(run).enable()),
        step(run -> pf(run).load(ONE)),
        step(run -> pf(run).load(OTHER)),
        step(run -> run.keep("trial", pf(run).loadOnTrial(PfRules.of(ONE), LONG))),
        step(run -> run.get("trial", Trial.class).restore()),
        step(run -> pf(run).table("bad").create()),
        step(run -> pf(run).table("bad").add("192.0.2.0/24")),
        step(run -> pf(run).table("bad").destroy()),
        step(run -> pf(run).flush()),
        step(run -> pf(run).disable()));
  }

  private static List<Step> ipf() {
    return List.of(
        step(run -> run.vnet.modules().load("ipl")),
        jail(),
        step(run -> ipf(run).enable()),
        step(run -> ipf(run).load(ONE)),
        step(run -> ipf(run).load(OTHER)),
        step(run -> run.keep("trial", ipf(run).loadOnTrial(ONE, LONG))),
        step(run -> run.get("trial", Trial.class).restore()),
        step(run -> ipf(run).flush()),
        step(run -> ipf(run).disable()));
  }

  static boolean isOne(String scenario) {
    return MODULES.containsKey(scenario);
  }

  /** Returns a firewall's state as it reports it, without its counters. */
  static String picture(String scenario, Vnet vnet, NetworkStack stack) {
    String set = "  " + DEFAULT + " " + vnet.kenv().get(DEFAULT).orElse("not set") + "\n";
    if (!vnet.modules().loaded(MODULES.get(scenario))) {
      return set;
    }
    return set
        + switch (scenario) {
          case "pf" -> stack.pf().enabled() + text(stack.pf().list()) + tables(stack.pf().tables());
          case "ipf" -> stack.ipf().enabled() + text(stack.ipf().list());
          default -> text(stack.ipfw().list()) + tables(stack.ipfw().tables());
        };
  }

  private static String text(List<ListedRule> rules) {
    return rules.stream().map(Object::toString).collect(Collectors.joining("\n  ", "\n  ", "\n"));
  }

  private static String tables(List<Table> tables) {
    return tables.stream()
        .map(table -> table.name() + table.list())
        .collect(Collectors.joining("\n  ", "  ", "\n"));
  }
}
