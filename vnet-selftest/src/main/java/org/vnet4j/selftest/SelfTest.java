// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.discovery.NestedClassSelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.vnet4j.Capability;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;

/**
 * The self-test: prints the machine and its capabilities, runs the contract on it, and prints the
 * results.
 */
public final class SelfTest {
  private final PrintStream out;

  SelfTest(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the self-test. Exits with 0 if it passed, with or without issues, with 1 if it failed, and
   * with 2 for an unknown topic.
   *
   * @param args the topics to run, such as {@code ping} or {@code bad-input}; all if there are none
   */
  public static void main(String[] args) {
    System.exit(new SelfTest(System.out).run(ThisMachine.class, Set.of(args)));
  }

  int run(Class<?> contract, Set<String> wanted) {
    List<Topic> topics = Topic.of(contract);
    Set<String> unknown = new TreeSet<>(wanted);
    topics.forEach(topic -> unknown.remove(topic.name()));
    if (!unknown.isEmpty()) {
      out.println("No such topic: " + String.join(" ", unknown));
      out.println("The topics: " + String.join(" ", topics.stream().map(Topic::name).toList()));
      return 2;
    }
    out.println("Vnet for Java: the self-test");
    machine();
    try (Vnet vnet = Vnet.builder().application("selftest").sandbox()) {
      capabilities(vnet);
      vnet.host().epair().create().destroy(); // nearly every test has one
    } catch (VnetException | LinkageError e) {
      out.println();
      out.println("FAIL: no test is possible here: " + Results.reason(e));
      return 1;
    }
    Results results = new Results(out);
    execute(
        contract,
        topics.stream().filter(t -> wanted.isEmpty() || wanted.contains(t.name())).toList(),
        results);
    return results.verdict();
  }

  private void machine() {
    line("system", property("os.name"), property("os.version"), property("os.arch"));
    line("java", property("java.vm.name"), property("java.vm.version"));
    line("user", property("user.name"));
    line("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
  }

  private void capabilities(Vnet vnet) {
    line("kernel", vnet.kernelVersion());
    out.println();
    out.println("This kernel supports");
    for (Capability capability : Capability.values()) {
      out.printf(Locale.ROOT, "  %-14s %s%n", capability, vnet.has(capability) ? "yes" : "no");
    }
    out.println();
  }

  private void line(String what, String... words) {
    out.printf(Locale.ROOT, "%-11s %s%n", what, String.join(" ", words));
  }

  private static String property(String name) {
    return System.getProperty(name, "?");
  }

  static void execute(Class<?> contract, List<Topic> topics, Results results) {
    List<NestedClassSelector> selectors =
        topics.stream().map(topic -> selectNestedClass(List.of(contract), topic.type())).toList();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors)
                .configurationParameter(
                    "junit.jupiter.testclass.order.default", ClassOrderer.ClassName.class.getName())
                .build(),
            results);
  }
}
