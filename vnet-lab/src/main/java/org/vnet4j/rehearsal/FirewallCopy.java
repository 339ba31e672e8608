// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.PfAnchor;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Table;
import org.vnet4j.firewall.Translation;
import org.vnet4j.net.Cidr;

/**
 * What one firewall of a stack holds beside the rules under test, to be loaded into a replica: all
 * of another firewall, or the rest of the firewall under test.
 */
sealed interface FirewallCopy {

  /** The rules that are not known as values, and the rest that is. */
  final class Reading {
    final List<String> missing;
    private final String firewall;

    Reading(String firewall, List<String> missing) {
      this.firewall = firewall;
      this.missing = missing;
    }

    void miss(String what) {
      missing.add(firewall + ": " + what);
    }

    /** Returns the rules that a replica can have; the default rule is not among them. */
    List<ListedRule> rules(List<ListedRule> all) {
      List<ListedRule> known = new ArrayList<>();
      for (ListedRule rule : all) {
        if (rule.number() != NumberedRule.DEFAULT) {
          if (rule.rule().isPresent()) {
            known.add(rule);
          } else {
            miss("rule " + rule);
          }
        }
      }
      return known;
    }

    RuleSet ruleSet(List<ListedRule> all) {
      return new RuleSet(
          rules(all).stream().map(one -> new NumberedRule(one.number(), rule(one))).toList(),
          denies(all) ? Action.Plain.DENY : Action.Plain.ALLOW);
    }

    static boolean denies(List<ListedRule> all) {
      ListedRule last = all.isEmpty() ? null : all.get(all.size() - 1);
      return last != null
          && last.number() == NumberedRule.DEFAULT
          && last.rule().filter(rule -> rule.action() == Action.Plain.DENY).isPresent();
    }
  }

  /** Returns the name of the firewall. */
  String name();

  /** Loads the firewall's kernel module. */
  void loadModule(Vnet vnet);

  /** Loads all of it into a stack. */
  void loadInto(NetworkStack stack);

  /** Returns whether its rules keep states, so that a probe may leave some. */
  boolean keepsStates();

  /** Lists its rules in a stack, with their counters. */
  List<ListedRule> list(NetworkStack stack);

  /** Returns the translations. */
  default List<Translation> translations() {
    return List.of();
  }

  private static Rule rule(ListedRule listed) {
    return listed.rule().orElseThrow();
  }

  private static boolean keepsStates(List<ListedRule> rules) {
    return rules.stream().anyMatch(one -> rule(one).state().isPresent());
  }

  private static Map<String, List<Cidr>> contents(List<Table> tables) {
    Map<String, List<Cidr>> contents = new LinkedHashMap<>();
    tables.forEach(table -> contents.put(table.name(), table.list()));
    return contents;
  }

  /** Makes a table have the given prefixes and no others. */
  static void fill(Table table, List<Cidr> prefixes) {
    if (table.exists()) {
      table.flush();
    } else {
      table.create();
    }
    if (!prefixes.isEmpty()) {
      table.add(prefixes);
    }
  }

  /**
   * An ipfw.
   *
   * @param rules the rules in all sets, or in all but set 0 if its rules are under test
   * @param disabled the disabled sets
   * @param tables the contents of the tables
   * @param denies whether the default rule denies
   */
  record OfIpfw(
      List<ListedRule> rules, Set<Integer> disabled, Map<String, List<Cidr>> tables, boolean denies)
      implements FirewallCopy {
    private static final int LAST_SET = 31;

    /**
     * Reads an ipfw; returns nothing if it is another firewall than the one under test, and off.
     */
    static Optional<FirewallCopy> of(NetworkStack stack, boolean tested, List<String> missing) {
      List<ListedRule> all = stack.ipfw().list();
      if (!tested && !stack.ipfw().enabled()) {
        return Optional.empty();
      }
      List<ListedRule> others = all.stream().filter(rule -> !tested || rule.set() != 0).toList();
      Set<Integer> disabled = new TreeSet<>();
      IntStream.range(0, LAST_SET)
          .filter(set -> !stack.ipfw().set(set).enabled())
          .forEach(disabled::add);
      return Optional.of(
          new OfIpfw(
              new Reading("ipfw", missing).rules(others),
              disabled,
              contents(stack.ipfw().tables()),
              Reading.denies(all)));
    }

    @Override
    public String name() {
      return "ipfw";
    }

    @Override
    public void loadModule(Vnet vnet) {
      vnet.modules().loadIpfw(Action.Plain.ALLOW);
    }

    /**
     * Loads it. The default of a replica allows, so that its peers can be reached; a last rule of
     * set 31 stands for a default that denies.
     */
    @Override
    public void loadInto(NetworkStack stack) {
      tables.forEach((name, prefixes) -> fill(stack.ipfw().table(name), prefixes));
      stack.ipfw().flush();
      stack.ipfw().set(LAST_SET).delete();
      disabled.forEach(set -> stack.ipfw().set(set).disable());
      for (ListedRule one : rules) {
        stack.ipfw().set(one.set()).add(one.number(), rule(one));
      }
      if (denies) {
        stack.ipfw().set(LAST_SET).add(NumberedRule.DEFAULT - 1, Rules.deny());
      }
    }

    @Override
    public boolean keepsStates() {
      return FirewallCopy.keepsStates(rules);
    }

    @Override
    public List<ListedRule> list(NetworkStack stack) {
      return stack.ipfw().list();
    }
  }

  /**
   * A pf.
   *
   * @param main the main rules; empty if rules of pf are under test
   * @param anchors the rules of the anchors that the main rules name
   * @param tables the contents of the tables
   * @param tested whether rules of pf are under test
   */
  record OfPf(
      PfRules main, Map<String, PfRules> anchors, Map<String, List<Cidr>> tables, boolean tested)
      implements FirewallCopy {

    /**
     * Reads a pf; returns nothing if it is another firewall than the one under test, and off.
     *
     * @param named the anchors that the rules under test name; empty if another firewall is tested
     */
    static Optional<FirewallCopy> of(
        NetworkStack stack, Optional<List<String>> named, List<String> missing) {
      if (named.isEmpty() && !stack.pf().enabled()) {
        return Optional.empty();
      }
      Reading reading = new Reading("pf", missing);
      Map<String, PfRules> anchors = new LinkedHashMap<>();
      for (PfAnchor anchor : stack.pf().anchors()) {
        if (named.isEmpty()) {
          reading.miss(anchor + ", since its place among the main rules is not known");
        } else if (named.get().contains(anchor.name())) {
          RuleSet rules = reading.ruleSet(anchor.list());
          anchors.put(anchor.name(), translated(rules, anchor.translations(), reading));
        }
      }
      PfRules main = PfRules.of(RuleSet.allowing());
      if (named.isEmpty()) {
        RuleSet rules = reading.ruleSet(stack.pf().list());
        main = translated(rules, stack.pf().translations(), reading);
      }
      return Optional.of(new OfPf(main, anchors, contents(stack.pf().tables()), named.isPresent()));
    }

    private static PfRules translated(RuleSet rules, List<String> lines, Reading reading) {
      PfRules all = PfRules.of(rules);
      for (String line : lines) {
        try {
          all = all.translate(Translation.parse(line));
        } catch (IllegalArgumentException e) {
          reading.miss("translation " + line);
        }
      }
      return all;
    }

    @Override
    public String name() {
      return "pf";
    }

    @Override
    public void loadModule(Vnet vnet) {
      vnet.modules().load("pf");
    }

    @Override
    public void loadInto(NetworkStack stack) {
      tables.forEach((name, prefixes) -> fill(stack.pf().table(name), prefixes));
      anchors.forEach((name, rules) -> stack.pf().anchor(name).load(rules));
      if (!tested) {
        stack.pf().load(main).enable();
      }
      forgetStates(stack);
    }

    static void forgetStates(NetworkStack stack) {
      stack.pf().killStates("0.0.0.0/0", "0.0.0.0/0");
      stack.pf().killStates("::/0", "::/0");
    }

    @Override
    public boolean keepsStates() {
      return true; // its translations too
    }

    @Override
    public List<ListedRule> list(NetworkStack stack) {
      return stack.pf().list();
    }

    @Override
    public List<Translation> translations() {
      List<Translation> all = new ArrayList<>(main.translations());
      anchors.values().forEach(rules -> all.addAll(rules.translations()));
      return all;
    }
  }

  /**
   * An ipfilter.
   *
   * @param rules its rules
   */
  record OfIpf(RuleSet rules) implements FirewallCopy {

    /** Reads an ipfilter; returns nothing if it is off. */
    static Optional<FirewallCopy> of(NetworkStack stack, List<String> missing) {
      List<ListedRule> all = stack.ipf().list();
      return stack.ipf().enabled()
          ? Optional.of(new OfIpf(new Reading("ipf", missing).ruleSet(all)))
          : Optional.empty();
    }

    @Override
    public String name() {
      return "ipf";
    }

    @Override
    public void loadModule(Vnet vnet) {
      vnet.modules().load("ipl");
    }

    @Override
    public void loadInto(NetworkStack stack) {
      stack.ipf().flush().load(rules).enable();
    }

    @Override
    public boolean keepsStates() {
      return rules.rules().stream().anyMatch(one -> one.rule().state().isPresent());
    }

    @Override
    public List<ListedRule> list(NetworkStack stack) {
      return stack.ipf().list();
    }
  }
}
