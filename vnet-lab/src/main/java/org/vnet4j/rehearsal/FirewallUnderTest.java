// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.time.Duration;
import java.util.List;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.MatchOrder;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
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
  }
}
