// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Rule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.linux.nftables.FirewallModel;
import org.vnet4j.linux.nftables.FirewallStore;
import org.vnet4j.linux.nftables.NftAddresses;
import org.vnet4j.linux.nftables.NftLayout;
import org.vnet4j.linux.nftables.NftProgram;
import org.vnet4j.linux.nftables.StoredRule;
import org.vnet4j.spi.IpfwDriver;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.TableDriver;
import org.vnet4j.spi.TrialDriver;

/**
 * The ipfw driver: compiles its rules to nf_tables. The rules see packets where FreeBSD's ipfw sees
 * them: on input, before routing, and on output. A forwarded packet is checked twice.
 */
final class LinuxIpfw implements IpfwDriver {
  static final String TABLE = "vnet4j_ipfw";

  /** Before the filters of other programs, after connection tracking. */
  private static final int PRIORITY = -150;

  private static final String DISABLED = "disabled";
  private static final String SET_0 = "0";
  private static final int RESERVED = 31;
  private static final int STEP = 100;

  private final LinuxStack stack;
  private final FirewallStore store;
  private final NftAddresses tables;

  LinuxIpfw(LinuxStack stack) {
    this.stack = stack;
    this.store =
        new FirewallStore(stack, TABLE, "Vnet for Java: ipfw", LinuxIpfw::compile, this::fresh);
    this.tables = new NftAddresses(store);
  }

  private FirewallModel fresh() {
    LinuxFirewalls.requireLoaded(stack, "ipfw", TABLE);
    return FirewallModel.fresh(true, stack.kernel().stack(Kernel.HOST).firewalls().ipfw().last());
  }

  private static NftProgram compile(FirewallModel model) {
    Set<Integer> disabled = disabled(model);
    List<StoredRule> active =
        model.entries().stream().filter(entry -> !disabled.contains(set(entry))).toList();
    NftProgram program = NftLayout.firstMatch(active, model.last());
    model.tables().forEach((name, all) -> NftAddresses.declare(program, name, all));
    program.hookAll(PRIORITY);
    return program;
  }

  private static int set(StoredRule entry) {
    return Integer.parseInt(entry.group());
  }

  private static Set<Integer> disabled(FirewallModel model) {
    Set<Integer> sets = new TreeSet<>();
    for (String set : model.notes().getOrDefault(DISABLED, "").split(" ")) {
      if (!set.isEmpty()) {
        sets.add(Integer.valueOf(set));
      }
    }
    return sets;
  }

  /** Creates the table if it does not exist. */
  void load(Rule last) {
    store.create(FirewallModel.fresh(true, last));
  }

  Rule last() {
    return store.model().last().rule();
  }

  @Override
  public List<ListedRule> list() {
    return store.counted(
        (model, counts) -> {
          List<StoredRule> all = new ArrayList<>(model.entries());
          all.add(model.last());
          Set<Integer> disabled = disabled(model);
          return all.stream()
              .map(
                  entry ->
                      entry
                          .listed(entry.number(), set(entry), counts)
                          .enabled(!disabled.contains(set(entry))))
              .toList();
        });
  }

  @Override
  public int add(int number, int set, Rule rule) {
    int[] chosen = new int[1];
    store.change(
        "add",
        model -> {
          chosen[0] = number == 0 ? nextNumber(model) : number;
          return model.add(chosen[0], Integer.toString(set), rule);
        });
    return chosen[0];
  }

  private static int nextNumber(FirewallModel model) {
    int count = model.entries().size();
    int highest = count == 0 ? 0 : model.entries().get(count - 1).number();
    return highest + STEP < NumberedRule.DEFAULT ? highest + STEP : highest;
  }

  @Override
  public void addWords(String words) {
    throw stack
        .kernel()
        .unsupported(
            "ipfw add "
                + words
                + ": Linux has no ipfw(8) to read these words; add(Rule) takes rules");
  }

  @Override
  public int delete(int number) {
    int[] deleted = new int[1];
    store.change(
        "delete",
        model -> {
          Set<Integer> disabled = disabled(model);
          FirewallModel fewer =
              model.map(
                  entry ->
                      entry.number() == number && !disabled.contains(set(entry)) ? null : entry);
          deleted[0] = model.entries().size() - fewer.entries().size();
          return fewer;
        });
    return deleted[0];
  }

  @Override
  public void deleteSet(int set) {
    store.change("delete set", model -> model.map(entry -> set(entry) == set ? null : entry));
  }

  @Override
  public void zero(int number) {
    store.zero(
        number == 0
            ? null
            : store.model().entries().stream()
                .filter(entry -> entry.number() == number)
                .map(StoredRule::id)
                .collect(Collectors.toSet()));
  }

  @Override
  public void flush() {
    store.change("flush", model -> model.map(entry -> set(entry) == RESERVED ? entry : null));
  }

  @Override
  public void load(RuleSet rules) {
    store.change("load", model -> loaded(model, rules));
  }

  @Override
  public TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    return store.changeOnTrial("load", model -> loaded(model, rules), limit);
  }

  private static FirewallModel loaded(FirewallModel model, RuleSet rules) {
    FirewallModel loaded =
        model.map(entry -> set(entry) == 0 ? null : entry).addAll(rules.rules(), SET_0);
    if (rules.defaultAction() != model.last().action()) {
      loaded = loaded.add(NumberedRule.DEFAULT - 1, SET_0, defaultRule(rules));
    }
    return loaded;
  }

  private static Rule defaultRule(RuleSet rules) {
    return Rule.parse(rules.defaultAction() + " ip from any to any");
  }

  @Override
  public Set<Integer> enabledSets() {
    Set<Integer> disabled = disabled(store.model());
    return IntStream.rangeClosed(0, RESERVED)
        .filter(set -> !disabled.contains(set))
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public void sets(Set<Integer> enable, Set<Integer> disable) {
    store.change(
        "set",
        model -> {
          Set<Integer> disabled = new TreeSet<>(disabled(model));
          disabled.removeAll(enable);
          disabled.addAll(new HashSet<>(disable));
          String text = disabled.stream().map(String::valueOf).collect(Collectors.joining(" "));
          return model.note(DISABLED, text);
        });
  }

  @Override
  public void swap(int one, int other) {
    store.change(
        "set swap",
        model ->
            model.map(
                entry ->
                    set(entry) == one
                        ? entry.in(Integer.toString(other))
                        : set(entry) == other ? entry.in(Integer.toString(one)) : entry));
  }

  @Override
  public void move(int from, int to) {
    store.change(
        "set move",
        model -> model.map(entry -> set(entry) == from ? entry.in(Integer.toString(to)) : entry));
  }

  @Override
  public boolean enabled() {
    return store.model().enabled();
  }

  @Override
  public void enabled(boolean on) {
    store.change(on ? "enable" : "disable", model -> model.enabled(on));
  }

  @Override
  public TableDriver tables() {
    return tables;
  }
}
