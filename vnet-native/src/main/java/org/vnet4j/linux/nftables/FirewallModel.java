// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.Rule;
import org.vnet4j.net.Cidr;

/**
 * The state of one firewall of a stack, read from the kernel; immutable.
 *
 * @param there whether the stack has the firewall's table
 * @param enabled whether the firewall filters packets
 * @param entries its rules in the order of their numbers, and of their ids where the numbers are
 *     equal
 * @param last the rule for packets that no other rule decides
 * @param notes other texts stored with it, by name
 * @param tables the tables of addresses, each in order
 * @param nextId an id that no rule has had yet
 */
public record FirewallModel(
    boolean there,
    boolean enabled,
    List<StoredRule> entries,
    StoredRule last,
    Map<String, String> notes,
    Map<String, List<Cidr>> tables,
    int nextId) {

  public static FirewallModel fresh(boolean enabled, Rule last) {
    StoredRule entry = new StoredRule(0, 65535, "31", last);
    return new FirewallModel(false, enabled, List.of(), entry, Map.of(), Map.of(), 1);
  }

  FirewallModel made() {
    return new FirewallModel(true, enabled, entries, last, notes, tables, nextId);
  }

  public FirewallModel enabled(boolean on) {
    return new FirewallModel(there, on, entries, last, notes, tables, nextId);
  }

  public FirewallModel last(Rule rule) {
    StoredRule entry = new StoredRule(0, last.number(), last.group(), rule);
    return new FirewallModel(there, enabled, entries, entry, notes, tables, nextId);
  }

  /** Adds a rule after those with its number. */
  public FirewallModel add(int number, String group, Rule rule) {
    List<StoredRule> more = new ArrayList<>(entries);
    int at = more.size();
    while (at > 0 && more.get(at - 1).number() > number) {
      at--;
    }
    more.add(at, new StoredRule(nextId, number, group, rule));
    return new FirewallModel(there, enabled, more, last, notes, tables, nextId + 1);
  }

  /** Adds many rules, each after those with its number. */
  public FirewallModel addAll(List<NumberedRule> rules, String group) {
    List<StoredRule> more = new ArrayList<>(entries);
    int id = nextId;
    for (NumberedRule rule : rules) {
      more.add(new StoredRule(id++, rule.number(), group, rule.rule()));
    }
    more.sort(Comparator.comparingInt(StoredRule::number)); // a stable sort
    return new FirewallModel(there, enabled, more, last, notes, tables, id);
  }

  /** Replaces each rule; removes those for which the function returns null. */
  public FirewallModel map(Function<StoredRule, @Nullable StoredRule> change) {
    List<StoredRule> changed = new ArrayList<>();
    for (StoredRule entry : entries) {
      StoredRule now = change.apply(entry);
      if (now != null) {
        changed.add(now);
      }
    }
    return new FirewallModel(there, enabled, changed, last, notes, tables, nextId);
  }

  public FirewallModel note(String name, String text) {
    Map<String, String> more = new TreeMap<>(notes);
    if (text.isEmpty()) {
      more.remove(name);
    } else {
      more.put(name, text);
    }
    return new FirewallModel(there, enabled, entries, last, more, tables, nextId);
  }

  public FirewallModel tables(Map<String, List<Cidr>> changed) {
    return new FirewallModel(there, enabled, entries, last, notes, changed, nextId);
  }
}
