// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSyntaxException;
import org.vnet4j.net.IpLiteral;

/** Parses the output of ipf(8) and ipfstat(8). See printfr.c, printstate.c, lexer.c, ipf_y.y. */
public final class IpfListing {
  private static final Pattern RULE = Pattern.compile("(\\d+) (?:(\\d+) )?([a-z].*)");
  private static final Pattern TAG = Pattern.compile(" set-tag\\(log=(\\d{1,10})\\)");
  private static final Pattern SYNTAX = Pattern.compile("(?m)^(.* error at .*), line (\\d{1,9})$");
  private static final Pattern REFUSED = Pattern.compile("(?m)^\\d+:(\\d{1,9}):(ioctl\\(add/.*)$");
  private static final Pattern STATE =
      Pattern.compile("\\d:(\\S+) src:([^, ]+)(?:,(\\S+))? dst:([^, ]+)(?:,(\\S+))?(.*)");
  private static final Pattern PHASE = Pattern.compile(" state:(\\S+)");
  private static final int STEP = 100;

  private IpfListing() {}

  /**
   * Parses {@code ipfstat -h} for incoming and outgoing packets. Lines that {@link IpfConf} wrote
   * are merged into their rule by the tag; other lines are numbered in steps of 100. ipfilter
   * counts bytes in {@code count} rules only.
   */
  public static List<ListedRule> rules(String text) {
    Map<String, ListedRule> rules = new LinkedHashMap<>();
    List<Matcher> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher rule = RULE.matcher(line.strip());
      if (rule.matches()) {
        lines.add(rule);
      }
    }
    // ipfstat lists the rules for outgoing packets first.
    lines.sort(Comparator.comparing(rule -> !rule.group(3).contains(" in ")));
    for (Matcher line : lines) {
      Matcher tag = TAG.matcher(line.group(3));
      boolean ours = tag.find();
      String key = ours ? tag.group(1) : "line " + rules.size();
      int number =
          ours
              ? IpfConf.number(Long.parseLong(key))
              : Math.min((rules.size() + 1) * STEP, NumberedRule.DEFAULT - 1);
      long packets = PfListing.count(line.group(1));
      long bytes = line.group(2) == null ? 0 : PfListing.count(line.group(2));
      String words = TAG.matcher(line.group(3)).replaceFirst("").strip();
      rules.merge(
          key, new ListedRule(number, 0, packets, bytes, Optional.empty(), words), IpfListing::sum);
    }
    List<ListedRule> all = new ArrayList<>(rules.values());
    all.sort(Comparator.comparingInt(ListedRule::number));
    return all;
  }

  private static ListedRule sum(ListedRule one, ListedRule other) {
    return new ListedRule(
        one.number(),
        0,
        PfListing.sum(one.packets(), other.packets()),
        PfListing.sum(one.bytes(), other.bytes()),
        Optional.empty(),
        one.words() + "; " + other.words());
  }

  /** Parses {@code ipfstat -sl}. Skips lines that it cannot parse. */
  public static List<FirewallState> states(String text) {
    List<FirewallState> states = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher state = STATE.matcher(line);
      if (state.matches()) {
        state(state).ifPresent(states::add);
      }
    }
    return states;
  }

  private static Optional<FirewallState> state(Matcher state) {
    Matcher phase = PHASE.matcher(state.group(6));
    try {
      return Optional.of(
          new FirewallState(
              PfListing.protocol(state.group(1)),
              IpLiteral.parse(state.group(2)),
              port(state.group(3)),
              IpLiteral.parse(state.group(4)),
              port(state.group(5)),
              phase.find() ? phase.group(1) : ""));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int port(@org.jspecify.annotations.Nullable String text) {
    return text == null || text.equals("*") ? 0 : PfListing.port(text);
  }

  /** Parses an error of ipf(8) about a text; empty if the message names no line. */
  public static Optional<RuleSyntaxException> error(String text, String said) {
    Matcher syntax = SYNTAX.matcher(said);
    Matcher refused = REFUSED.matcher(said);
    boolean wrong = syntax.find();
    if (!wrong && !refused.find()) {
      return Optional.empty();
    }
    int line = Math.max(1, Integer.parseInt(wrong ? syntax.group(2) : refused.group(1)));
    String reason = wrong ? syntax.group(1) : refused.group(2);
    List<String> lines = text.lines().toList();
    String offending = line <= lines.size() ? lines.get(line - 1).strip() : "";
    return Optional.of(new RuleSyntaxException(line, 1, offending, "ipf(8) says: " + reason));
  }
}
