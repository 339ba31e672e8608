// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ipfw;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.Rule;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SysError;

/** The ipfw of one stack: its rules as bytes, its sets and its tables, as in ip_fw_sockopt.c. */
public final class SimIpfw {
  static final int TABLE = 1;
  static final int STATE = FreeBsdAbi.constant("IPFW_TLV_STATE_NAME");
  public static final int DEFAULT = FreeBsdAbi.constant("IPFW_DEFAULT_RULE");
  private static final int STEP = 100;
  private static final int RESERVED_SET = 31;

  final IpfwLayout layout;
  public final List<Entry> rules = new ArrayList<>();
  final Map<String, Integer> states = new LinkedHashMap<>();
  final Map<String, IpfwTable> tables = new TreeMap<>();
  int disabled;

  /** Counts changes, so that the filter knows when to compile the rules again. */
  int changes;

  private final boolean accepts;
  private int lastId = 2;
  private int lastObject;

  /** A rule of the kernel, with the kernel's numbers for tables and states. */
  public static final class Entry {
    final byte[] body;
    final @Nullable Rule rule;

    /** The text by which ipfw(8) lists the rule; null to list the neutral rule. */
    @Nullable public String shown;

    long packets;
    long bytes;

    Entry(byte[] body, @Nullable Rule rule) {
      this.body = body;
      this.rule = rule;
    }

    public int number() {
      return IpfwLayout.in(body).getInt(FreeBsdAbi.offset("ip_fw_rule", "rulenum"));
    }

    int set() {
      return body[FreeBsdAbi.offset("ip_fw_rule", "set")] & 0xff;
    }

    void set(int set) {
      body[FreeBsdAbi.offset("ip_fw_rule", "set")] = (byte) set;
    }

    String words() {
      return shown != null ? shown : String.valueOf(rule);
    }
  }

  /** A table of addresses. */
  static final class IpfwTable {
    final int number;
    final TreeSet<byte[]> entries = new TreeSet<>(java.util.Arrays::compareUnsigned);

    IpfwTable(int number) {
      this.number = number;
    }
  }

  public SimIpfw(int version, boolean accepts) {
    this.layout = new IpfwLayout(version);
    this.accepts = accepts;
    byte[] recorded = IpfwRecording.answer("ipfw list", 0);
    int orphans = FreeBsdAbi.size("_ipfw_cfg_lheader") + IpfwLayout.LIST + IpfwLayout.TLV;
    int orphansSize = IpfwLayout.in(recorded).getInt(orphans - 4) - IpfwLayout.TLV;
    rules.add(
        new Entry(java.util.Arrays.copyOfRange(recorded, orphans, orphans + orphansSize), null));
    int last = orphans + orphansSize + IpfwLayout.TLV;
    byte[] body = java.util.Arrays.copyOfRange(recorded, last, recorded.length);
    body[IpfwLayout.COMMANDS] = (byte) FreeBsdAbi.constant(accepts ? "O_ACCEPT" : "O_DENY");
    Action.Plain action = accepts ? Action.Plain.ALLOW : Action.Plain.DENY;
    rules.add(new Entry(body, org.vnet4j.firewall.Rules.rule(action)));
  }

  boolean accepts() {
    return accepts;
  }

  /**
   * Returns whether the entry is the kernel's counter of orphaned states, which is no real rule.
   */
  boolean isOrphans(Entry entry) {
    return entry == rules.get(rules.size() - 2);
  }

  boolean enabled(Entry entry) {
    return (disabled & 1 << entry.set()) == 0;
  }

  /**
   * Adds a rule after the rules with its number. Replaces the request's object numbers by the
   * kernel's.
   */
  Entry add(byte[] sent, List<Named> names, @Nullable Rule rule) {
    ByteBuffer buffer = IpfwLayout.in(sent);
    int number = buffer.getInt(FreeBsdAbi.offset("ip_fw_rule", "rulenum"));
    int set = sent[FreeBsdAbi.offset("ip_fw_rule", "set")] & 0xff;
    if (number < 0 || number >= DEFAULT || set > RESERVED_SET) {
      throw new SysError("EINVAL");
    }
    if (number == 0) {
      int highest = 0;
      for (Entry entry : rules) {
        highest = entry.number() < DEFAULT ? Math.max(highest, entry.number()) : highest;
      }
      number = highest + STEP < DEFAULT ? highest + STEP : highest;
    }
    byte[] body = layout.renumbered(sent, (table, old) -> object(names, table, old));
    IpfwLayout.in(body)
        .putInt(FreeBsdAbi.offset("ip_fw_rule", "rulenum"), number)
        .putInt(FreeBsdAbi.offset("ip_fw_rule", "id"), ++lastId);
    Entry entry = new Entry(body, rule);
    int at = 0;
    while (rules.get(at).number() <= number) {
      at++;
    }
    rules.add(at, entry);
    changes++;
    return entry;
  }

  /** A name in a request, and the number by which the request's instructions refer to it. */
  record Named(int type, int number, String name) {}

  private int object(List<Named> names, boolean table, int old) {
    int type = table ? TABLE : STATE;
    String name =
        names.stream()
            .filter(one -> one.type() == type && one.number() == old)
            .map(Named::name)
            .findFirst()
            .orElseThrow(() -> new SysError("EINVAL"));
    return table
        ? tables.computeIfAbsent(name, n -> new IpfwTable(++lastObject)).number
        : states.computeIfAbsent(name, n -> ++lastObject);
  }

  void create(String table) {
    if (tables.putIfAbsent(table, new IpfwTable(++lastObject)) != null) {
      throw new SysError("EEXIST");
    }
    changes++;
  }

  IpfwTable table(String name) {
    IpfwTable table = tables.get(name);
    if (table == null) {
      throw new SysError("ESRCH");
    }
    return table;
  }

  /** Returns how many instructions refer to a table. */
  int references(IpfwTable table) {
    int[] count = new int[1];
    for (Entry entry : rules) {
      layout.renumbered(
          entry.body,
          (isTable, number) -> {
            count[0] += isTable && number == table.number ? 1 : 0;
            return number;
          });
    }
    return count[0];
  }

  int delete(Predicate<Entry> which) {
    int before = rules.size();
    rules.removeIf(entry -> entry.number() != DEFAULT && which.test(entry));
    changes++;
    return before - rules.size();
  }
}
