// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Action;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.Rule;

/**
 * One rule of a firewall as the kernel stores it: a counter of its own, and the rule's text as the
 * comment of further counters, which count nothing.
 */
public final class StoredRule {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,5}) (\\S+) (.*)");

  private final int id;
  private final int number;
  private final String group;
  private final CompiledRule code;

  /** The text, the comment and the line, made once: a firewall may have thousands of rules. */
  private @Nullable String text;

  private @Nullable String comment;
  private @Nullable NftRule line;

  /**
   * Compiles a rule.
   *
   * @param id never used again in this table; 0 is the default rule
   * @param number its position among the others
   * @param group the set or the anchor that contains it
   * @throws IllegalArgumentException if nf_tables cannot express the rule; the message names the
   *     rule
   */
  StoredRule(int id, int number, String group, Rule rule) {
    this(id, number, group, compile(id, number, rule));
  }

  private StoredRule(int id, int number, String group, CompiledRule code) {
    this.id = id;
    this.number = number;
    this.group = group;
    this.code = code;
  }

  private static CompiledRule compile(int id, int number, Rule rule) {
    try {
      return new CompiledRule(Integer.toString(id), rule);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%05d %s: %s".formatted(number, rule, e.getMessage()), e);
    }
  }

  /** Returns the same rule in another group. */
  public StoredRule in(String otherGroup) {
    return new StoredRule(id, number, otherGroup, code);
  }

  /**
   * Parses the text that {@link #text} returns.
   *
   * @throws IllegalArgumentException if it is not such a text
   */
  static StoredRule read(int id, String text) {
    Matcher words = TEXT.matcher(text);
    if (!words.matches()) {
      throw new IllegalArgumentException("no rule of ours: " + text);
    }
    return new StoredRule(
        id, Integer.parseInt(words.group(1)), words.group(2), Rule.parse(words.group(3)));
  }

  String text() {
    String known = text;
    if (known == null) {
      known = number + " " + group + " " + rule();
      text = known;
    }
    return known;
  }

  /**
   * Returns the comment of the rule's lines in nf_tables: its number in five digits, and the rule.
   */
  String comment() {
    String known = comment;
    if (known == null) {
      String digits = Integer.toString(number);
      int rule = digits.length() + 1 + group.length();
      known = "00000".substring(digits.length()) + digits + text().substring(rule);
      comment = known;
    }
    return known;
  }

  /** Returns the line of nf_tables that a plain rule becomes. */
  NftRule line(Supplier<NftRule> maker) {
    NftRule known = line;
    if (known == null) {
      known = maker.get();
      line = known;
    }
    return known;
  }

  public int id() {
    return id;
  }

  public int number() {
    return number;
  }

  public String group() {
    return group;
  }

  public Rule rule() {
    return code.rule();
  }

  public Action action() {
    return rule().action();
  }

  CompiledRule code() {
    return code;
  }

  String counter() {
    return counter(id);
  }

  static String counter(int id) {
    return "r" + id;
  }

  public ListedRule listed(int shownNumber, int set, Map<Integer, NftCounts> all) {
    NftCounts counts = all.getOrDefault(id, NftCounts.NONE);
    return ListedRule.of(shownNumber, set, counts.packets(), counts.bytes(), rule());
  }
}
