// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.ListedRule;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Trial;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpText;

/**
 * Tries firewall rules where they can do no harm: builds a replica of a stack in a sandbox, with
 * peers at the other ends of its interfaces, loads the rules there, sends real packets, and reports
 * the outcome of each and the rule that decided. Then loads the rules into the real stack, on
 * trial.
 *
 * <pre>{@code
 * Rehearsal rehearsal =
 *     Rehearsal.of(jail)
 *         .ipfw(rules)
 *         .expect(ping("192.0.2.1", "192.0.2.2")).answered()
 *         .expect(tcp("192.0.2.1", "192.0.2.2", 22)).open()
 *         .expect(tcp("192.0.2.1", "192.0.2.2", 23)).dropped();
 * System.out.println(rehearsal.run());
 * try (Trial trial = rehearsal.applyTo(jail).confirmWithin(Duration.ofSeconds(30))) {
 *   trial.confirm();
 * }
 * }</pre>
 *
 * <p>Probes are made in the order they are given, and what one leaves in the state table the next
 * may meet. Not for use by several threads at a time.
 */
public final class Rehearsal {
  private final StackSketch sketch;
  private final List<Expectation> expectations = new ArrayList<>();
  private final Map<String, List<Cidr>> tables = new LinkedHashMap<>();
  private @Nullable FirewallUnderTest engine;
  private Duration patience = Duration.ofMillis(500);
  private Supplier<Vnet> sandboxes = Vnet.builder().application("rehearsal")::sandbox;

  private Rehearsal(StackSketch sketch) {
    this.sketch = sketch;
  }

  /**
   * Begins a rehearsal for a stack as it is now.
   *
   * @param stack the stack; it is only looked at
   * @return a rehearsal without rules
   */
  public static Rehearsal of(NetworkStack stack) {
    return of(StackSketch.of(stack));
  }

  /**
   * Begins a rehearsal for a stack that is described.
   *
   * @param sketch its interfaces, addresses and routes
   * @return a rehearsal without rules
   */
  public static Rehearsal of(StackSketch sketch) {
    return new Rehearsal(sketch);
  }

  /**
   * Rehearses rules of ipfw.
   *
   * @param rules the rules
   * @return this
   */
  public Rehearsal ipfw(RuleSet rules) {
    engine = new FirewallUnderTest.OfIpfw(rules);
    return this;
  }

  /**
   * Rehearses rules of pf.
   *
   * @param rules the rules
   * @return this
   */
  public Rehearsal pf(PfRules rules) {
    engine = new FirewallUnderTest.OfPf(rules);
    return this;
  }

  /**
   * Rehearses rules of ipfilter.
   *
   * @param rules the rules
   * @return this
   */
  public Rehearsal ipf(RuleSet rules) {
    engine = new FirewallUnderTest.OfIpf(rules);
    return this;
  }

  /**
   * Says what is in a table that the rules use.
   *
   * @param name the table
   * @param prefixes all that is in it
   * @return this
   */
  public Rehearsal table(String name, String... prefixes) {
    return table(name, Stream.of(prefixes).map(Cidr::parse).toList());
  }

  /**
   * Says what is in a table that the rules use.
   *
   * @param name the table
   * @param prefixes all that is in it, as {@link org.vnet4j.firewall.Table#list} returns it
   * @return this
   */
  public Rehearsal table(String name, Collection<Cidr> prefixes) {
    tables.put(name, prefixes.stream().map(Cidr::network).toList());
    return this;
  }

  /**
   * Says where to build the replica; {@link Vnet#sandbox} without it.
   *
   * @param opener opens a sandbox, which is closed after each run
   * @return this
   */
  public Rehearsal sandbox(Supplier<Vnet> opener) {
    sandboxes = opener;
    return this;
  }

  /**
   * Says how long to wait for a packet before it counts as dropped; 500 ms without it.
   *
   * @param time more than zero
   * @return this
   */
  public Rehearsal patience(Duration time) {
    if (time.toMillis() < 1) {
      throw new IllegalArgumentException("patience " + time + ": at least a millisecond");
    }
    patience = time;
    return this;
  }

  /**
   * Adds a probe; the next call says what is expected of it.
   *
   * @param probe what to send, from {@link Probe#ping}, {@link Probe#tcp} or {@link Probe#udp}
   * @return one of its methods leads back to this
   * @throws IllegalArgumentException if the probe does not cross the stack
   */
  public Expectation.Step expect(Probe probe) {
    checkCrosses(probe);
    return new Expectation.Step(this, probe);
  }

  Rehearsal add(Expectation expectation) {
    expectations.add(expectation);
    return this;
  }

  private void checkCrosses(Probe probe) {
    List<String> ifaces = new ArrayList<>();
    for (InetAddress end : new InetAddress[] {probe.from(), probe.to()}) {
      if (!sketch.has(end)) {
        ifaces.add(
            sketch
                .beyond(end)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            probe
                                + ": no interface or route of "
                                + sketch.name()
                                + " leads to "
                                + IpText.of(end)))
                .iface());
      }
    }
    if (ifaces.isEmpty() || ifaces.size() == 2 && ifaces.get(0).equals(ifaces.get(1))) {
      throw new IllegalArgumentException(probe + " does not cross " + sketch.name());
    }
    if (ifaces.size() == 2 && !sketch.forwards()) {
      throw new IllegalArgumentException(probe + ": " + sketch.name() + " does not forward");
    }
  }

  /**
   * Builds the replica, sends the probes, and takes all away again.
   *
   * @return what came of each
   * @throws IllegalStateException without rules
   * @throws VnetException if there can be no sandbox here
   */
  public Report run() {
    FirewallUnderTest rules = engine();
    try (Vnet sandbox = sandboxes.get()) {
      rules.load(sandbox);
      StackReplica replica = new StackReplica(sandbox, sketch, others());
      warmUp(replica);
      tables.forEach((name, prefixes) -> rules.table(replica.stack(), name).create().add(prefixes));
      rules.apply(replica.stack());
      int count = rules.rules().rules().size();
      String title =
          "%d %s of %s on a replica of %s"
              .formatted(count, count == 1 ? "rule" : "rules", rules.name(), sketch.name());
      return new Report(title, results(rules, replica));
    }
  }

  private FirewallUnderTest engine() {
    if (engine == null) {
      throw new IllegalStateException("say which rules first: ipfw(..), pf(..) or ipf(..)");
    }
    return engine;
  }

  private Set<InetAddress> others() {
    Set<InetAddress> others = new LinkedHashSet<>();
    for (Expectation one : expectations) {
      others.add(one.probe().from());
      others.add(one.probe().to());
    }
    others.removeIf(sketch::has);
    return others;
  }

  /** Before there are rules everything is reachable: so neighbours are known, links are up. */
  private void warmUp(StackReplica replica) {
    Prober prober = new Prober(replica, Duration.ofSeconds(1));
    for (Expectation one : expectations) {
      Probe probe = one.probe();
      Probe ping = new Probe(Probe.Kind.PING, probe.from(), probe.to(), 0);
      for (int attempt = 0; prober.send(ping) != Outcome.PASSED; attempt++) {
        if (attempt == 4) {
          throw new VnetException(
              "rehearsal: "
                  + ping
                  + " is not answered even without rules; the replica is not whole");
        }
      }
    }
  }

  private List<Report.Result> results(FirewallUnderTest rules, StackReplica replica) {
    RulePrediction foresight = new RulePrediction(sketch, rules, tables);
    Prober prober = new Prober(replica, patience);
    List<Report.Result> results = new ArrayList<>();
    List<ListedRule> before = rules.list(replica.stack());
    for (Expectation expectation : expectations) {
      Outcome actual = prober.send(expectation.probe());
      List<ListedRule> after = rules.list(replica.stack());
      List<ListedRule> counted = counted(before, after);
      RulePrediction.Seen seen = foresight.follow(expectation.probe());
      boolean agreed = !rules.translates() && seen.outcome() == actual;
      Optional<String> by = agreed ? seen.rule() : last(counted);
      results.add(
          new Report.Result(
              expectation, actual, by, counted.stream().map(ListedRule::number).toList()));
      before = after;
    }
    return results;
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

  private static Optional<String> last(List<ListedRule> counted) {
    return counted.isEmpty()
        ? Optional.empty()
        : Optional.of(counted.get(counted.size() - 1).toString());
  }

  /**
   * Loads the rules into a real stack if every expectation holds on the replica.
   *
   * @param stack the stack
   * @return ends in {@link Application#confirmWithin}
   */
  public Application applyTo(NetworkStack stack) {
    return new Application(stack);
  }

  /** Rules on their way into a real stack. */
  public final class Application {
    private final NetworkStack stack;

    private Application(NetworkStack stack) {
      this.stack = stack;
    }

    /**
     * Rehearses once more and, if all comes as expected, puts the rules into the stack in one step.
     * Unless the trial is confirmed in time the old rules come back, also when this program was
     * killed.
     *
     * @param limit how long to wait for the confirmation
     * @return the trial, to be confirmed
     * @throws NotAsExpectedException if a probe does not come as expected; nothing was applied
     */
    public Trial confirmWithin(Duration limit) {
      Report report = run();
      if (!report.passed()) {
        throw new NotAsExpectedException(report);
      }
      return engine().onTrial(stack, limit);
    }
  }

  /** The rules do not do what is expected of them; the real stack was not touched. */
  public static final class NotAsExpectedException extends VnetException {
    private static final long serialVersionUID = 1L;

    private final transient Report report;

    NotAsExpectedException(Report report) {
      super(report.toString());
      this.report = report;
    }

    /**
     * Returns the report.
     *
     * @return what came of each probe
     */
    public Report report() {
      return report;
    }
  }
}
