// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.pf.PfConf;
import org.vnet4j.posix.pf.PfListing;
import org.vnet4j.spi.PfDriver;
import org.vnet4j.spi.TableDriver;

/** The pf firewall of one stack. Runs pfctl(8) inside that stack. */
final class FreeBsdPf implements PfDriver {
  private static final Pattern KILLED = Pattern.compile("killed (\\d+) states");

  private final FreeBsdStack stack;
  private final TableDriver tables;

  FreeBsdPf(FreeBsdStack stack) {
    this.stack = stack;
    this.tables = new FreeBsdPfTables(this);
  }

  StackProgram.Output pfctl(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("pfctl"));
    command.addAll(List.of(arguments));
    return StackProgram.run(stack, input, command.toArray(String[]::new));
  }

  /** Runs pfctl(8) in an anchor; an empty anchor means the main rules. Throws if pfctl fails. */
  private StackProgram.Output of(String anchor, String... arguments) {
    return pfctl("", in(anchor, arguments)).orThrow("pfctl " + String.join(" ", arguments));
  }

  private static String[] in(String anchor, String... arguments) {
    List<String> all = new ArrayList<>();
    if (!anchor.isEmpty()) {
      all.addAll(List.of("-a", anchor));
    }
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  @Override
  public void load(String anchor, PfRules rules) {
    loadText(anchor, PfConf.of(rules, !anchor.isEmpty()));
  }

  /**
   * Loads rules without the optimizer, which would merge and reorder rules that have counters of
   * their own. If the jail's file system has no pf.os(5), pfctl(8) reports that and loads the rules
   * nevertheless.
   */
  @Override
  public void loadText(String anchor, String text) {
    StackProgram.Output output = pfctl(text, in(anchor, "-q", "-o", "none", "-f", "-"));
    if (output.status() == 0 || PfListing.isWithoutFingerprints(output.err())) {
      return;
    }
    if (PfListing.namesLine(output.err())) {
      throw PfListing.error(text, output.err());
    }
    output.orThrow("pfctl -f -");
  }

  @Override
  public List<ListedRule> list(String anchor) {
    return PfListing.rules(of(anchor, "-vv", "-s", "rules").out());
  }

  @Override
  public List<String> translations(String anchor) {
    return PfListing.lines(of(anchor, "-s", "nat").out()).stream()
        .filter(line -> !line.contains("-anchor "))
        .toList();
  }

  /** Lists the anchors that contain rules. pf also lists empty anchors; they are left out. */
  @Override
  public List<String> anchors() {
    return PfListing.lines(of("", "-s", "Anchors").out()).stream()
        .filter(name -> !list(name).isEmpty() || !translations(name).isEmpty())
        .sorted()
        .toList();
  }

  @Override
  public void flush(String anchor) {
    of(anchor, "-q", "-F", "all");
  }

  @Override
  public void zero() {
    of("", "-q", "-z");
  }

  @Override
  public List<FirewallState> states() {
    return PfListing.states(of("", "-s", "states").out());
  }

  /**
   * Kills the matching states one at a time. Given two networks, pfctl(8) of 15.1 mistakes the
   * second for the first, see pfctl_net_kill_states(). pfctl prints the number of killed states
   * among its messages.
   */
  @Override
  public int killStates(Cidr source, Cidr destination) {
    int count = 0;
    for (PfListing.Known one : PfListing.known(of("", "-vv", "-s", "states").out())) {
      FirewallState state = one.state();
      if (source.contains(state.source()) && destination.contains(state.destination())) {
        Matcher killed = KILLED.matcher(of("", "-k", "id", "-k", one.id()).err());
        count += killed.find() ? Integer.parseInt(killed.group(1)) : 0;
      }
    }
    return count;
  }

  @Override
  public boolean enabled() {
    return of("", "-s", "info").out().lines().anyMatch(line -> line.startsWith("Status: Enabled"));
  }

  @Override
  public void enabled(boolean on) {
    StackProgram.Output output = pfctl("", on ? "-e" : "-d");
    String already = on ? "pf already enabled" : "pf not enabled";
    if (!output.err().contains(already)) {
      output.orThrow(on ? "pfctl -e" : "pfctl -d");
    }
  }

  @Override
  public TableDriver tables() {
    return tables;
  }
}
