// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.pf.PfConf;
import org.vnet4j.posix.pf.PfListing;
import org.vnet4j.spi.PfDriver;
import org.vnet4j.spi.TableDriver;
import org.vnet4j.spi.TrialDriver;

/** The pf firewall of one stack. Runs pfctl(8) inside that stack. */
final class FreeBsdPf implements PfDriver {
  private static final Pattern KILLED = Pattern.compile("killed (\\d+) states");

  /**
   * Arguments that exchange the main rules, translations and tables in one step and leave the
   * options as they are, such as the interfaces to skip, see pfctl(8).
   */
  private static final String[] RULES_ONLY = {
    "-q", "-o", "none", "-N", "-R", "-T", "load", "-f", "-"
  };

  private final FreeBsdStack stack;
  private final FreeBsdPfTables tables;
  private volatile @Nullable FreeBsdProgramTrial trial;

  FreeBsdPf(FreeBsdStack stack) {
    this.stack = stack;
    this.tables = new FreeBsdPfTables(this);
  }

  StackProgram.Output pfctl(String input, String... arguments) {
    return StackProgram.run(stack, input, command(arguments).toArray(String[]::new));
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("pfctl"));
    command.addAll(List.of(arguments));
    return command;
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
    requireNoTrial();
    load(text, in(anchor, "-q", "-o", "none", "-f", "-"));
  }

  private void load(String text, String... arguments) {
    StackProgram.Output output = pfctl(text, arguments);
    if (output.status() == 0 || PfListing.isWithoutFingerprints(output.err())) {
      return;
    }
    if (PfListing.namesLine(output.err())) {
      throw PfListing.error(text, output.err());
    }
    output.orThrow("pfctl -f -");
  }

  /** Throws {@link org.vnet4j.firewall.Trial.InProgressException} if rules are on trial. */
  void requireNoTrial() {
    FreeBsdProgramTrial.requireNone(trial);
  }

  /**
   * Loads main rules on trial. The way back loads what pfctl(8) lists now; that it can be loaded is
   * checked before. Tables of the old rules keep their addresses, but counters begin at zero.
   */
  @Override
  public synchronized TrialDriver loadOnTrial(PfRules rules, Duration limit) {
    requireNoTrial();
    String wanted = PfConf.of(rules, false);
    String old = listedConf();
    checkLoadable(old);
    FreeBsdProgramTrial begun =
        FreeBsdProgramTrial.begin(
            stack,
            "pf",
            new FreeBsdProgramTrial.WayBack(command(RULES_ONLY), old, () -> load(old, RULES_ONLY)),
            limit,
            () -> load(tables.persistent(wanted) + wanted, RULES_ONLY));
    trial = begun;
    return begun;
  }

  /** Returns the main rules, translations and tables as a text that pfctl(8) loads. */
  private String listedConf() {
    List<String> rules = PfListing.lines(of("", "-s", "rules").out());
    List<String> lines = new ArrayList<>(tables.definitions());
    rules.stream().filter(FreeBsdPf::isScrub).forEach(lines::add); // pf.conf(5) wants them first
    lines.addAll(PfListing.lines(of("", "-s", "nat").out()));
    rules.stream().filter(line -> !isScrub(line)).forEach(lines::add);
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static boolean isScrub(String line) {
    return line.startsWith("scrub ") || line.startsWith("no scrub ");
  }

  private void checkLoadable(String old) {
    String[] arguments = new String[RULES_ONLY.length + 1];
    arguments[0] = "-n";
    System.arraycopy(RULES_ONLY, 0, arguments, 1, RULES_ONLY.length);
    StackProgram.Output output = pfctl(old, arguments);
    if (PfListing.namesLine(output.err())) {
      throw new Vnet.UnsupportedException(
          "no trial: pfctl(8) cannot load again the rules that it lists: " + output.err().strip());
    }
    if (!PfListing.isWithoutFingerprints(output.err())) {
      output.orThrow("pfctl -n -f -");
    }
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
    requireNoTrial();
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
