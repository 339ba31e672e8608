// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vnet4j.NetworkStack;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;

/**
 * Names the rule that decided on a probe: the one that the evaluation names, if it counted a packet
 * meanwhile; otherwise the only one that counted and whose action leads to the outcome. If several
 * may have decided, none is named.
 */
final class DecidingRule {
  /** Stands for the default action among the rules. */
  private static final String DEFAULT = "";

  private final FirewallUnderTest rules;
  private final StackFirewalls others;
  private final NetworkStack stack;
  private final RulePrediction prediction;
  private final boolean translates;
  private List<List<ListedRule>> before = List.of();

  DecidingRule(
      StackSketch sketch, FirewallUnderTest rules, StackFirewalls others, NetworkStack stack) {
    this.rules = rules;
    this.others = others;
    this.stack = stack;
    this.prediction = new RulePrediction(sketch, rules, stack);
    this.translates = rules.translates() || !others.translations().isEmpty();
  }

  /** Notes the counters before a probe. */
  void begin() {
    before = lists();
  }

  /** The rules under test first, then those of other firewalls. */
  private List<List<ListedRule>> lists() {
    List<List<ListedRule>> lists = new ArrayList<>(List.of(rules.list(stack)));
    otherFirewalls().forEach(copy -> lists.add(copy.list(stack)));
    return lists;
  }

  private Stream<FirewallCopy> otherFirewalls() {
    return others.copies().stream().filter(copy -> !rules.isOf(copy));
  }

  /** Returns the result of the probe that was sent since {@link #begin}. */
  Report.Result result(Expectation expectation, Outcome actual) {
    List<List<ListedRule>> after = lists();
    List<ListedRule> counted = counted(before.get(0), after.get(0));
    List<String> candidates = new ArrayList<>();
    counted.stream().filter(one -> leadsTo(one, actual)).forEach(one -> candidates.add(text(one)));
    List<FirewallCopy> copies = otherFirewalls().toList();
    for (int i = 0; i < copies.size(); i++) {
      String name = copies.get(i).name();
      if (actual != Outcome.PASSED) { // what another firewall lets pass is not decided by it
        counted(before.get(i + 1), after.get(i + 1)).stream()
            .filter(one -> leadsTo(one, actual))
            .forEach(one -> candidates.add(name + " " + one));
      }
    }
    RulePrediction.Seen seen = prediction.follow(expectation.probe());
    String foreseen = seen.rule().orElse(DEFAULT);
    boolean agreed = !translates && seen.outcome() == actual && candidates.contains(foreseen);
    Optional<String> decided =
        agreed
            ? Optional.of(foreseen)
            : candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
    return new Report.Result(
        expectation,
        actual,
        decided.filter(rule -> !rule.equals(DEFAULT)),
        decided.filter(DEFAULT::equals).isPresent(),
        counted.stream().map(this::number).toList());
  }

  private String text(ListedRule rule) {
    return number(rule) == NumberedRule.DEFAULT ? DEFAULT : rule.toString();
  }

  /** Returns the number of a rule; the number of the default for a rule that stands for it. */
  private int number(ListedRule rule) {
    return rules.isDefault(rule) ? NumberedRule.DEFAULT : rule.number();
  }

  /** Returns whether the action of a rule may lead to an outcome. */
  private static boolean leadsTo(ListedRule listed, Outcome outcome) {
    if (listed.rule().isEmpty()) {
      return false;
    }
    Action action = listed.rule().get().action();
    boolean limits =
        listed.rule().get().state().stream()
            .anyMatch(org.vnet4j.firewall.State.Limit.class::isInstance);
    return switch (outcome) {
      case PASSED -> action == Action.Plain.ALLOW;
      case REFUSED -> action instanceof Action.Reject;
      case DROPPED -> action == Action.Plain.DENY || action instanceof Action.Reject || limits;
    };
  }

  private static List<ListedRule> counted(List<ListedRule> before, List<ListedRule> after) {
    List<ListedRule> counted = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      long earlier = i < before.size() ? before.get(i).packets() : 0;
      if (after.get(i).packets() != earlier) {
        counted.add(after.get(i));
      }
    }
    return counted;
  }
}
