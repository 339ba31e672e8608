// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.rehearsal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vnet4j.NetworkStack;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.PfRules;
import org.vnet4j.firewall.RuleSet;
import org.vnet4j.firewall.Trial;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpText;

/**
 * Tests firewall rules in a sandbox before they are loaded into a real stack. A rehearsal builds a
 * replica of the stack, with a peer at the other end of each interface. It loads the rules into the
 * replica, sends real packets, and reports the outcome of each packet and the rule that decided it.
 * {@link #applyTo} then loads the rules into the real stack on trial.
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
 * <p>The replica of a real stack also has the stack's tables, its rules in other sets, and its
 * other firewalls where they are enabled, as they are when the rehearsal runs. The report names
 * what could not be copied. The listener of a probe is where a translation leads.
 *
 * <p>Probes are sent in the order they are added, each without the states of earlier ones. This
 * class is not thread-safe.
 */
public final class Rehearsal {
  private final StackSketch sketch;
  private final @Nullable NetworkStack original;
  private final List<Expectation> expectations = new ArrayList<>();
  private final Map<String, List<Cidr>> tables = new LinkedHashMap<>();
  private @Nullable FirewallUnderTest engine;
  private Duration patience = Duration.ofMillis(500);
  private Supplier<Vnet> sandboxes = Vnet.builder().application("rehearsal")::sandbox;

  private Rehearsal(StackSketch sketch, @Nullable NetworkStack original) {
    this.sketch = sketch;
    this.original = original;
  }

  /**
   * Creates a rehearsal for a stack with its present interfaces. Its firewalls are read at each
   * run.
   *
   * @param stack the stack; it is read and not changed
   * @return a rehearsal without rules
   */
  public static Rehearsal of(NetworkStack stack) {
    return new Rehearsal(StackSketch.of(stack), stack);
  }

  /**
   * Creates a rehearsal for a stack that a sketch describes.
   *
   * @param sketch its interfaces, addresses and routes
   * @return a rehearsal without rules
   */
  public static Rehearsal of(StackSketch sketch) {
    return new Rehearsal(sketch, null);
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
   * Sets the contents of a table that the rules use, in place of those that the stack has.
   *
   * @param name the table
   * @param prefixes all its entries
   * @return this
   */
  public Rehearsal table(String name, String... prefixes) {
    return table(name, Stream.of(prefixes).map(Cidr::parse).toList());
  }

  /**
   * Sets the contents of a table that the rules use.
   *
   * @param name the table
   * @param prefixes all its entries, as {@link org.vnet4j.firewall.Table#list} returns it
   * @return this
   */
  public Rehearsal table(String name, Collection<Cidr> prefixes) {
    tables.put(name, prefixes.stream().map(Cidr::network).toList());
    return this;
  }

  /**
   * Sets where to build the replica; the default is {@link Vnet#sandbox}.
   *
   * @param opener opens a sandbox, which the rehearsal closes after each run
   * @return this
   */
  public Rehearsal sandbox(Supplier<Vnet> opener) {
    sandboxes = opener;
    return this;
  }

  /**
   * Sets how long to wait for a packet before it counts as dropped; the default is 500 ms.
   *
   * @param time at least a millisecond
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
   * Begins an expectation; the next call sets the expected outcome of the probe.
   *
   * @param probe the probe, from {@link Probe#ping}, {@link Probe#tcp} or {@link Probe#udp}
   * @return a step whose methods return this rehearsal
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
        ifaces.add(sketch.beyond(end).orElseThrow(() -> unreachable(probe, end)).iface());
      }
    }
    if (ifaces.isEmpty() || ifaces.size() == 2 && ifaces.get(0).equals(ifaces.get(1))) {
      throw new IllegalArgumentException(probe + " does not cross " + sketch.name());
    }
    if (ifaces.size() == 2 && !sketch.forwards()) {
      throw new IllegalArgumentException(probe + ": " + sketch.name() + " does not forward");
    }
  }

  private IllegalArgumentException unreachable(Probe probe, InetAddress end) {
    List<String> leftOut = sketch.leftOut();
    return new IllegalArgumentException(
        probe
            + ": no interface or route of "
            + sketch.name()
            + " leads to "
            + IpText.of(end)
            + (leftOut.isEmpty() ? "" : "; not on the replica: " + String.join(", ", leftOut)));
  }

  /**
   * Builds the replica, sends the probes, and closes the sandbox.
   *
   * @return the outcome of each
   * @throws IllegalStateException if no rules were set
   * @throws VnetException if this machine cannot provide a sandbox
   */
  public Report run() {
    return run(original);
  }

  private Report run(@Nullable NetworkStack real) {
    FirewallUnderTest rules = engine();
    StackFirewalls others = StackFirewalls.of(real, rules);
    Listeners listeners = new Listeners(sketch, others.translations(rules));
    try (Vnet sandbox = sandboxes.get()) {
      rules.load(sandbox);
      others.loadModules(sandbox);
      StackReplica replica = new StackReplica(sandbox, sketch, addresses(listeners));
      warmUp(replica, listeners);
      others.loadInto(replica.stack());
      fillTables(rules, replica.stack());
      rules.apply(replica.stack());
      int count = rules.rules().rules().size();
      String title =
          "%d %s of %s on a replica of %s"
              .formatted(count, count == 1 ? "rule" : "rules", rules.name(), sketch.name());
      List<Report.Result> results = results(rules, others, replica, listeners);
      List<String> missing = new ArrayList<>(sketch.leftOut());
      missing.addAll(others.missing());
      return new Report(title, results, missing);
    }
  }

  private void fillTables(FirewallUnderTest rules, NetworkStack stack) {
    tables.forEach((name, prefixes) -> FirewallCopy.fill(rules.table(stack, name), prefixes));
  }

  private FirewallUnderTest engine() {
    if (engine == null) {
      throw new IllegalStateException("say which rules first: ipfw(..), pf(..) or ipf(..)");
    }
    return engine;
  }

  /** Returns the addresses that peers of the replica need. */
  private Set<InetAddress> addresses(Listeners listeners) {
    Set<InetAddress> others = new LinkedHashSet<>();
    for (Expectation one : expectations) {
      others.add(one.probe().from());
      others.add(one.probe().to());
      others.add(listeners.of(one.probe()).getAddress());
    }
    others.removeIf(address -> sketch.has(address) || address.isLoopbackAddress());
    return others;
  }

  /**
   * Pings each pair of addresses before the rules are loaded, so that links are up and neighbours
   * are resolved.
   */
  private void warmUp(StackReplica replica, Listeners listeners) {
    Prober prober = new Prober(replica, Duration.ofSeconds(1));
    for (Expectation one : expectations) {
      Probe probe = one.probe();
      warmUp(prober, new Probe(Probe.Kind.PING, probe.from(), probe.to(), 0));
      InetAddress behind = listeners.of(probe).getAddress();
      sketch
          .beyond(behind)
          .filter(place -> !sketch.has(behind) && !behind.equals(probe.to()))
          .map(place -> new Probe(Probe.Kind.PING, place.own().address(), behind, 0))
          .ifPresent(ping -> warmUp(prober, ping));
    }
  }

  private static void warmUp(Prober prober, Probe ping) {
    InetSocketAddress nobody = new InetSocketAddress(ping.to(), 0);
    for (int attempt = 0; prober.send(ping, nobody) != Outcome.PASSED; attempt++) {
      if (attempt == 4) {
        throw new VnetException(
            "rehearsal: " + ping + " is not answered even without rules; the replica is not whole");
      }
    }
  }

  private List<Report.Result> results(
      FirewallUnderTest rules, StackFirewalls others, StackReplica replica, Listeners listeners) {
    NetworkStack stack = replica.stack();
    DecidingRule deciding = new DecidingRule(sketch, rules, others, stack);
    Prober prober = new Prober(replica, patience);
    boolean keepsStates =
        rules.rules().rules().stream().anyMatch(one -> one.rule().state().isPresent())
            || rules.translates()
            || others.copies().stream().anyMatch(FirewallCopy::keepsStates);
    List<Report.Result> results = new ArrayList<>();
    for (Expectation expectation : expectations) {
      if (keepsStates && !results.isEmpty()) {
        others.forgetStates(stack);
        fillTables(rules, stack); // the copies have those of the real stack
        rules.applyAfresh(stack);
      }
      deciding.begin();
      Outcome actual = prober.send(expectation.probe(), listeners.of(expectation.probe()));
      results.add(deciding.result(expectation, actual));
    }
    return results;
  }

  /**
   * Loads the rules into a real stack if every expectation holds on the replica.
   *
   * @param stack the stack
   * @return a step that {@link Application#confirmWithin} completes
   */
  public Application applyTo(NetworkStack stack) {
    return new Application(stack);
  }

  /** Loads the rehearsed rules into a real stack, on trial. */
  public final class Application {
    private final NetworkStack stack;

    private Application(NetworkStack stack) {
      this.stack = stack;
    }

    /**
     * Rehearses again and, if every expectation holds, loads the rules into the stack in one step.
     * If the trial is not confirmed in time, the old rules are restored, even if this program was
     * killed.
     *
     * @param limit how long to wait for the confirmation
     * @return the trial, to be confirmed
     * @throws NotAsExpectedException if a probe has another outcome than expected; the stack is
     *     unchanged
     */
    public Trial confirmWithin(Duration limit) {
      Report report = run(stack);
      if (!report.passed()) {
        throw new NotAsExpectedException(report);
      }
      return engine().onTrial(stack, limit);
    }
  }

  /** Reports that the rules failed an expectation. The real stack is unchanged. */
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
     * @return the outcome of each probe
     */
    public Report report() {
      return report;
    }
  }
}
