// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

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
 * What one firewall of a stack is, read from the kernel, immutable.
 *
 * @param there whether the stack has it at all
 * @param enabled whether packets are looked at
 * @param entries its rules in the order of their numbers, and of their ids where those are equal
 * @param last the rule for packets that no other decides
 * @param notes other texts kept with it, by name
 * @param tables the tables of addresses, each in order
 * @param nextId an id that no rule had yet
 */
record NftModel(
    boolean there,
    boolean enabled,
    List<NftEntry> entries,
    NftEntry last,
    Map<String, String> notes,
    Map<String, List<Cidr>> tables,
    int nextId) {

  static NftModel fresh(boolean enabled, Rule last) {
    NftEntry entry = new NftEntry(0, 65535, "31", last);
    return new NftModel(false, enabled, List.of(), entry, Map.of(), Map.of(), 1);
  }

  NftModel made() {
    return new NftModel(true, enabled, entries, last, notes, tables, nextId);
  }

  NftModel enabled(boolean on) {
    return new NftModel(there, on, entries, last, notes, tables, nextId);
  }

  NftModel last(Rule rule) {
    NftEntry entry = new NftEntry(0, last.number(), last.group(), rule);
    return new NftModel(there, enabled, entries, entry, notes, tables, nextId);
  }

  /** Adds a rule behind those of its number. */
  NftModel add(int number, String group, Rule rule) {
    List<NftEntry> more = new ArrayList<>(entries);
    int at = more.size();
    while (at > 0 && more.get(at - 1).number() > number) {
      at--;
    }
    more.add(at, new NftEntry(nextId, number, group, rule));
    return new NftModel(there, enabled, more, last, notes, tables, nextId + 1);
  }

  /** Adds many rules, each behind those of its number. */
  NftModel addAll(List<NumberedRule> rules, String group) {
    List<NftEntry> more = new ArrayList<>(entries);
    int id = nextId;
    for (NumberedRule rule : rules) {
      more.add(new NftEntry(id++, rule.number(), group, rule.rule()));
    }
    more.sort(Comparator.comparingInt(NftEntry::number)); // equal ones stay in their order
    return new NftModel(there, enabled, more, last, notes, tables, id);
  }

  /** Replaces each rule by another, or by none where that is null. */
  NftModel map(Function<NftEntry, @Nullable NftEntry> change) {
    List<NftEntry> changed = new ArrayList<>();
    for (NftEntry entry : entries) {
      NftEntry now = change.apply(entry);
      if (now != null) {
        changed.add(now);
      }
    }
    return new NftModel(there, enabled, changed, last, notes, tables, nextId);
  }

  NftModel note(String name, String text) {
    Map<String, String> more = new TreeMap<>(notes);
    if (text.isEmpty()) {
      more.remove(name);
    } else {
      more.put(name, text);
    }
    return new NftModel(there, enabled, entries, last, more, tables, nextId);
  }

  NftModel tables(Map<String, List<Cidr>> changed) {
    return new NftModel(there, enabled, entries, last, notes, changed, nextId);
  }
}
