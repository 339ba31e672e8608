// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.FirewallState;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.NumberedRule;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.posix.pf.IpfConf;
import org.vnet4j.posix.pf.IpfListing;
import org.vnet4j.spi.IpfDriver;
import org.vnet4j.spi.TrialDriver;

/** The ipfilter firewall of one stack. Runs ipf(8) and ipfstat(8) inside that stack. */
final class FreeBsdIpf implements IpfDriver {
  /**
   * The sysctl variable with which the host allows jails to use ipfilter. It exists since FreeBSD
   * 15, see ipf(4).
   */
  private static final String ALLOWED = "net.inet.ipf.jail_allowed";

  private final FreeBsdStack stack;
  private volatile @Nullable FreeBsdProgramTrial trial;

  FreeBsdIpf(FreeBsdStack stack) {
    this.stack = stack;
  }

  /**
   * Runs ipf(8) or ipfstat(8). ipf(8) exits with status 0 after some errors, so any message on its
   * error output counts as a failure.
   */
  private StackProgram.Output run(String input, String... command) {
    StackProgram.Output output = StackProgram.run(stack, input, command);
    if (stack.jid() != 0 && failed(output) && !allowed()) {
      throw new Vnet.UnsupportedException(
          "ipfilter refuses jails here: sysctl " + ALLOWED + "=1 on the host lets them");
    }
    return output;
  }

  private static boolean failed(StackProgram.Output output) {
    return output.status() != 0
        || output.err().lines().anyMatch(line -> !line.startsWith("# empty list for "));
  }

  private boolean allowed() {
    return stack.calls.sysctl.findInt(ALLOWED).orElse(1) != 0;
  }

  private String well(String input, String... command) {
    StackProgram.Output output = run(input, command);
    if (failed(output)) {
      throw new VnetException(
          String.join(" ", command)
              + ": "
              + (output.err().isBlank() ? "status " + output.status() : output.err().strip()));
    }
    return output.out();
  }

  @Override
  public void load(RuleSet rules) {
    loadText(IpfConf.of(rules));
  }

  /**
   * Loads rules on trial. The way back is one run of ipf(8) that loads the rules listed now into
   * the inactive set and then swaps the two sets. A mere swap would restore the wrong set if this
   * program was killed, or another one swapped the sets, at the wrong moment.
   */
  @Override
  public synchronized TrialDriver loadOnTrial(RuleSet rules, Duration limit) {
    requireNoTrial();
    String wanted = IpfConf.of(rules);
    String old = listedConf();
    String[] command = {"ipf", "-I", "-Fa", "-f", "-", "-s"};
    FreeBsdProgramTrial begun =
        FreeBsdProgramTrial.begin(
            stack,
            "ipf",
            new FreeBsdProgramTrial.WayBack(List.of(command), old, () -> well(old, command)),
            limit,
            () -> loadNow(wanted));
    trial = begun;
    return begun;
  }

  /** Throws if rules are on trial: another load would overwrite the old ones. */
  private void requireNoTrial() {
    FreeBsdProgramTrial.requireNone(trial);
  }

  /** Returns the rules as a text that ipf(8) loads. */
  private String listedConf() {
    String rules = well("", "ipfstat", "-Rio") + "\n" + well("", "ipfstat", "-Raio");
    StringBuilder text = new StringBuilder();
    for (String line : rules.lines().filter(line -> !line.isBlank()).toList()) {
      text.append(line.replaceFirst("^\\d+ (?=count )", "")).append('\n');
    }
    return text.toString();
  }

  /**
   * Loads the rules into the inactive set, then swaps the two sets. Packets meet the new rules only
   * after the swap.
   */
  @Override
  public void loadText(String text) {
    requireNoTrial();
    loadNow(text);
  }

  private void loadNow(String text) {
    StackProgram.Output output = run(text, "ipf", "-I", "-Fa", "-f", "-");
    if (failed(output)) {
      throw IpfListing.error(text, output.err())
          .<RuntimeException>map(e -> e)
          .orElseGet(() -> new VnetException("ipf -I -Fa -f -: " + output.err().strip()));
    }
    well("", "ipf", "-s");
  }

  @Override
  public List<ListedRule> list() {
    String text = well("", "ipfstat", "-Rhio") + "\n" + well("", "ipfstat", "-Rhaio");
    List<ListedRule> rules = new ArrayList<>(IpfListing.rules(text));
    if (rules.isEmpty() || rules.get(rules.size() - 1).number() != NumberedRule.DEFAULT) {
      rules.add(
          new ListedRule(NumberedRule.DEFAULT, 0, 0, 0, Optional.empty(), version("Default: ")));
    }
    return rules;
  }

  /** Returns the text that follows {@code words} in the output of {@code ipf -V}, up to a comma. */
  private String version(String words) {
    return well("", "ipf", "-V")
        .lines()
        .filter(line -> line.startsWith(words))
        .map(line -> line.substring(words.length()).split(",", 2)[0].strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public void flush() {
    requireNoTrial();
    well("", "ipf", "-Fa", "-FS");
  }

  /** Sets the counters to zero rule by rule, in the order of the listing. */
  @Override
  public void zero() {
    String rules = listedConf();
    if (!rules.isEmpty()) {
      well(rules, "ipf", "-z", "-f", "-");
    }
  }

  @Override
  public List<FirewallState> states() {
    return IpfListing.states(well("", "ipfstat", "-Rsl"));
  }

  @Override
  public boolean enabled() {
    return version("Running: ").equals("yes");
  }

  @Override
  public void enabled(boolean on) {
    if (enabled() != on) {
      well("", "ipf", on ? "-E" : "-D");
    }
  }
}
