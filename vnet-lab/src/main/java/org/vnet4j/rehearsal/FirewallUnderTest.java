// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.MatchOrder;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Rules;
import org.vnet4j.firewall.Table;
import org.vnet4j.firewall.Trial;

/**
 * A firewall with the rules to rehearse. Each implementation handles one firewall of the kernel.
 */
sealed interface FirewallUnderTest {

  /** Returns the name of the firewall. */
  String name();

  /** Returns whether the first or the last matching rule decides. */
  MatchOrder matching();

  /** Returns the filter rules. */
  RuleSet rules();

  /** Loads the firewall's kernel module. */
  void load(Vnet vnet);

  /** Loads the rules into a stack. */
  void apply(NetworkStack stack);

  /** Loads the rules into a stack on trial. */
  Trial onTrial(NetworkStack stack, Duration limit);

  /** Lists the loaded rules with their counters. */
  List<ListedRule> list(NetworkStack stack);

  /** Returns a table of the stack. */
  Table table(NetworkStack stack, String name);

  /** Returns the tables of the stack. */
  List<Table> tables(NetworkStack stack);

  /** Returns the enabled rules that a stack has loaded, those of other sets too. */
  default RuleSet loaded(NetworkStack stack) {
    return rules();
  }

  /** Returns whether a rule of the replica stands for the default action. */
  default boolean isDefault(ListedRule rule) {
    return rule.number() == NumberedRule.DEFAULT;
  }

  /** Returns whether a copy is of this firewall. */
  boolean isOf(FirewallCopy copy);

  /**
   * Loads the rules into a replica again, without states of earlier packets. Other rules of the
   * firewall are loaded anew already.
   */
  default void applyAfresh(NetworkStack stack) {
    apply(stack);
  }

  /**
   * Returns whether the rules translate packets or use anchors, which the prediction cannot follow.
   */
  default boolean translates() {
    return false;
  }

  /** Rules of ipfw: the first match decides. */
  record OfIpfw(RuleSet rules) implements FirewallUnderTest {
    @Override
    public String name() {
      return "ipfw";
    }

    @Override
    public MatchOrder matching() {
      return MatchOrder.FIRST;
    }

    @Override
    public void load(Vnet vnet) {
      vnet.modules().loadIpfw(Action.Plain.ALLOW);
    }

    @Override
    public void apply(NetworkStack stack) {
      stack.ipfw().load(rules);
    }

    @Override
    public Trial onTrial(NetworkStack stack, Duration limit) {
      return stack.ipfw().loadOnTrial(rules, limit);
    }

    @Override
    public List<ListedRule> list(NetworkStack stack) {
      return stack.ipfw().list();
    }

    @Override
    public Table table(NetworkStack stack, String name) {
      return stack.ipfw().table(name);
    }

    @Override
    public List<Table> tables(NetworkStack stack) {
      return stack.ipfw().tables();
    }

    @Override
    public boolean isOf(FirewallCopy copy) {
      return copy instanceof FirewallCopy.OfIpfw;
    }

    @Override
    public RuleSet loaded(NetworkStack stack) {
      List<NumberedRule> enabled = new ArrayList<>();
      for (ListedRule one : list(stack)) {
        if (one.enabled() && !isDefault(one)) {
          one.rule().ifPresent(rule -> enabled.add(new NumberedRule(one.number(), rule)));
        }
      }
      return new RuleSet(enabled, rules.defaultAction());
    }

    /** A rule 65534 states a default action that differs from that of the stack. */
    @Override
    public boolean isDefault(ListedRule rule) {
      boolean stated =
          rule.number() == NumberedRule.DEFAULT - 1
              && rule.rule()
                  .filter(one -> one.equals(Rules.rule(rules.defaultAction())))
                  .isPresent()
              && rules.rules().stream().noneMatch(one -> one.number() == rule.number());
      return stated || rule.number() == NumberedRule.DEFAULT;
    }
  }

  /** Rules of pf, with translations: the last match decides. */
  record OfPf(PfRules all) implements FirewallUnderTest {
    @Override
    public String name() {
      return "pf";
    }

    @Override
    public MatchOrder matching() {
      return MatchOrder.LAST;
    }

    @Override
    public RuleSet rules() {
      return all.filter();
    }

    @Override
    public boolean translates() {
      return !all.translations().isEmpty() || !all.anchors().isEmpty();
    }

    @Override
    public void load(Vnet vnet) {
      vnet.modules().load("pf");
    }

    @Override
    public void apply(NetworkStack stack) {
      stack.pf().load(all).enable();
    }

    @Override
    public void applyAfresh(NetworkStack stack) {
      FirewallCopy.OfPf.forgetStates(stack); // loading keeps them
    }

    @Override
    public Trial onTrial(NetworkStack stack, Duration limit) {
      return stack.pf().loadOnTrial(all, limit);
    }

    @Override
    public List<ListedRule> list(NetworkStack stack) {
      return stack.pf().list();
    }

    @Override
    public Table table(NetworkStack stack, String name) {
      return stack.pf().table(name);
    }

    @Override
    public List<Table> tables(NetworkStack stack) {
      return stack.pf().tables();
    }

    @Override
    public boolean isOf(FirewallCopy copy) {
      return copy instanceof FirewallCopy.OfPf;
    }
  }

  /** Rules of ipfilter: the last match decides. */
  record OfIpf(RuleSet rules) implements FirewallUnderTest {
    @Override
    public String name() {
      return "ipfilter";
    }

    @Override
    public MatchOrder matching() {
      return MatchOrder.LAST;
    }

    @Override
    public void load(Vnet vnet) {
      vnet.modules().load("ipl");
    }

    @Override
    public void apply(NetworkStack stack) {
      stack.ipf().load(rules).enable();
    }

    @Override
    public void applyAfresh(NetworkStack stack) {
      stack.ipf().flush(); // loading may keep states
      apply(stack);
    }

    @Override
    public Trial onTrial(NetworkStack stack, Duration limit) {
      return stack.ipf().loadOnTrial(rules, limit);
    }

    @Override
    public List<ListedRule> list(NetworkStack stack) {
      return stack.ipf().list();
    }

    @Override
    public Table table(NetworkStack stack, String name) {
      throw new IllegalArgumentException("ipfilter has no tables here: write the prefixes out");
    }

    @Override
    public List<Table> tables(NetworkStack stack) {
      return List.of();
    }

    @Override
    public boolean isOf(FirewallCopy copy) {
      return copy instanceof FirewallCopy.OfIpf;
    }
  }
}
