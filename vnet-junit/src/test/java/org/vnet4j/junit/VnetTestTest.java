// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.FileEntry;
import org.junit.platform.engine.reporting.OutputDirectoryProvider;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.vnet4j.Vnet;

/** Runs sample tests with {@link VnetTest} and checks their reports. */
@Timeout(240)
class VnetTestTest {
  @TempDir Path temp;

  @BeforeAll
  static void a_sandbox_is_possible() {
    try {
      Vnet.sandbox().close();
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      abort(e.getMessage());
    }
  }

  @BeforeEach
  void forget() {
    Samples.SEEN.clear();
  }

  private EngineExecutionResults run(Class<?> tests, String... parameters) {
    EngineTestKit.Builder kit =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(tests))
            .outputDirectoryProvider(new Into(temp));
    for (int i = 0; i < parameters.length; i += 2) {
      kit.configurationParameter(parameters[i], parameters[i + 1]);
    }
    return kit.execute();
  }

  private static List<String> messages(EngineExecutionResults results) {
    List<String> messages = new ArrayList<>();
    results.allEvents().executions().stream()
        .map(one -> one.getTerminationInfo().getExecutionResult())
        .map(TestExecutionResult::getThrowable)
        .forEach(failure -> failure.ifPresent(one -> messages.add(one.getMessage())));
    return messages;
  }

  private static void allGone(int sandboxes) {
    assertThat(Samples.SEEN).hasSize(sandboxes).doesNotHaveDuplicates();
    for (Vnet vnet : Samples.SEEN) {
      assertThatThrownBy(vnet::jls).isInstanceOf(Vnet.ClosedException.class);
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("vnet-capture"));
  }

  @Test
  void a_class_of_tests_gets_what_it_asks_for() {
    EngineExecutionResults results = run(Samples.Whole.class);

    assertThat(messages(results)).isEmpty();
    results.testEvents().assertStatistics(all -> all.started(6).succeeded(6));
    results.allEvents().assertStatistics(all -> all.fileEntryPublished(0));
    allGone(6);
  }

  @Test
  void a_method_alone_is_enough() {
    EngineExecutionResults results = run(Samples.Alone.class);

    assertThat(messages(results)).isEmpty();
    results.testEvents().assertStatistics(all -> all.started(3).succeeded(3));
    allGone(1);
  }

  @Test
  void tests_may_run_in_parallel() {
    EngineExecutionResults results =
        run(
            Samples.Parallel.class,
            "junit.jupiter.execution.parallel.enabled",
            "true",
            "junit.jupiter.execution.parallel.mode.default",
            "concurrent",
            "junit.jupiter.execution.parallel.config.strategy",
            "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism",
            "3");

    assertThat(messages(results)).isEmpty();
    results.testEvents().assertStatistics(all -> all.started(6).succeeded(6));
    allGone(6);
  }

  @Test
  void a_failed_test_has_a_picture_and_a_capture() throws Exception {
    EngineExecutionResults results = run(Samples.Failing.class);

    results.testEvents().assertStatistics(all -> all.started(2).failed(2));
    assertThat(messages(results)).containsExactlyInAnyOrder("the answer was 41", "no more");
    Map<String, Path> files = new TreeMap<>();
    for (Path directory : published(results)) {
      try (Stream<Path> inside = Files.list(directory)) {
        inside.forEach(file -> files.put(temp.relativize(file).toString(), file));
      }
    }
    assertThat(files.keySet())
        .containsExactly(
            "it_fails_with_a_capture/vnet/network.svg",
            "it_fails_with_a_capture/vnet/web_to-db.pcapng",
            "it_fails_without_a_topology/vnet/network.svg");
    assertThat(files.get("it_fails_with_a_capture/vnet/network.svg"))
        .content()
        .startsWith("<svg ")
        .contains(">web<", ">db<", " in<");
    assertThat(files.get("it_fails_without_a_topology/vnet/network.svg"))
        .content()
        .contains(">box<");
    assertThat(echoes(files.get("it_fails_with_a_capture/vnet/web_to-db.pcapng"))).isEqualTo(2);
    Throwable failure =
        results.testEvents().failed().stream()
            .map(event -> event.getRequiredPayload(TestExecutionResult.class).getThrowable())
            .map(thrown -> thrown.orElseThrow())
            .filter(thrown -> thrown.getMessage().equals("the answer was 41"))
            .findFirst()
            .orElseThrow();
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0].toString())
        .startsWith("see " + temp)
        .contains("network.svg")
        .contains("web_to-db.pcapng");
  }

  @Test
  void a_nested_class_adds_its_settings_to_those_of_the_classes_around() throws Exception {
    EngineExecutionResults results = run(Samples.Around.class);

    results.testEvents().assertStatistics(all -> all.started(2).failed(1).succeeded(1));
    assertThat(messages(results)).containsExactly("it has lab.web");
    try (Stream<Path> inside = Files.list(published(results).get(0))) {
      assertThat(inside.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("network.svg", "web_to-db.pcapng");
    }
    EngineExecutionResults skipped = without("BRIDGE", () -> run(Samples.Around.class));
    skipped.testEvents().assertStatistics(all -> all.aborted(2));
  }

  private static List<Path> published(EngineExecutionResults results) {
    return results.allEvents().fileEntryPublished().stream()
        .map(event -> event.getRequiredPayload(FileEntry.class).getPath())
        .toList();
  }

  /** Counts the ICMP packets over IPv4 in a pcapng file: block type 6, 28 bytes before the data. */
  private static long echoes(Path file) throws Exception {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    long found = 0;
    for (int at = 0; at < all.limit(); at += all.getInt(at + 4)) {
      boolean packet = all.getInt(at) == 6;
      int ethernet = at + 28;
      if (packet && all.getShort(ethernet + 12) == 8 && all.get(ethernet + 14 + 9) == 1) {
        found++;
      }
    }
    return found;
  }

  @Test
  void the_store_of_junit_closes_a_sandbox_that_nobody_else_closed() {
    EngineExecutionResults results = run(Samples.Left.class);

    assertThat(messages(results)).isEmpty();
    allGone(1);
  }

  @Test
  void an_older_junit_is_one_sentence() {
    ClassLoader without = new ClassLoader(null) {};

    assertThatThrownBy(() -> new VnetExtension(without))
        .isInstanceOf(ExtensionConfigurationException.class)
        .hasMessageStartingWith("@VnetTest needs JUnit 5.12 or later; this is ");
  }

  @Test
  void what_the_machine_lacks_skips_a_test_or_fails_it_where_that_is_wanted() {
    Supplier<EngineExecutionResults> lenient = () -> run(Samples.Wanting.class);
    Supplier<EngineExecutionResults> strict =
        () -> run(Samples.Wanting.class, "org.vnet4j.junit.required", "true");

    EngineExecutionResults skipped = without("VXLAN", lenient);
    skipped.testEvents().assertStatistics(all -> all.aborted(1).failed(0));
    assertThat(messages(skipped)).singleElement().asString().endsWith(" has no VXLAN");

    EngineExecutionResults failed = without("VXLAN", strict);
    failed.testEvents().assertStatistics(all -> all.aborted(0).failed(1));
    assertThat(messages(failed)).singleElement().asString().endsWith(" has no VXLAN");
  }

  private static <T> T without(String capability, Supplier<T> work) {
    System.setProperty("org.vnet4j.disable", capability);
    try {
      return work.get();
    } finally {
      System.clearProperty("org.vnet4j.disable");
    }
  }

  @Test
  void a_mistake_is_told_in_words_that_help() {
    EngineExecutionResults results = run(Samples.Wrong.class);

    results.testEvents().assertStatistics(all -> all.started(8).failed(8));
    String all = String.join("\n", messages(results));
    assertThat(all)
        .contains("topology \"nowhere\": there is no static field, nor a static method")
        .contains("topology \"TEXT\": it is no Topology but a java.lang.String")
        .contains("topology \"com.example.None#x\": there is no class com.example.None")
        .contains("has both a topology, x, and a file, y")
        .contains("file \"none.yaml\": it is no resource of org.vnet4j.junit.Samples$Wrong")
        .contains("@VnetTest has neither topology nor file")
        .contains("say of which node, as in @Node(\"web\")")
        .contains("topology lab has no node mail");
  }

  @Test
  void there_is_no_sandbox_for_a_whole_class() {
    EngineExecutionResults results = run(Samples.Early.class);

    assertThat(messages(results))
        .singleElement()
        .asString()
        .contains("each test has a sandbox of its own: ask for a Vnet in a test");
  }

  @Test
  void the_documentation_shows_a_test_that_runs() throws Exception {
    String docs = Files.readString(Path.of("..", "docs", "testing.md"));
    String source =
        Files.readString(Path.of("src", "test", "java", "org", "vnet4j", "junit", "WebTest.java"));

    String shown = docs.substring(docs.indexOf("```java\n") + 8);
    assertThat(source).contains(shown.substring(0, shown.indexOf("```")));
  }

  /** A directory for each test, named after its method. */
  private record Into(Path root) implements OutputDirectoryProvider {
    @Override
    public Path getRootDirectory() {
      return root;
    }

    @Override
    public Path createOutputDirectory(TestDescriptor test) throws java.io.IOException {
      String name = test.getDisplayName().replaceAll("\\(.*", "");
      return Files.createDirectories(root.resolve(name));
    }
  }
}
