// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.net.Shaping;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Topology;

/** Topologies in files: read, refused with positions, and as the schema says. */
class TopologyFileTest {
  private static final Path EXAMPLES = Path.of("..", "docs", "examples");

  static Schema schema() throws IOException {
    try (InputStream in = TopologyFile.class.getResourceAsStream("topology.schema.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new String(in.readAllBytes()), InputFormat.JSON);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"office.yaml", "two-sites.json", "three-machines.yaml"})
  void the_examples_are_read_and_keep_to_the_schema(String name) throws IOException {
    Path file = EXAMPLES.resolve(name);
    InputFormat format = name.endsWith(".json") ? InputFormat.JSON : InputFormat.YAML;

    assertThat(schema().validate(Files.readString(file), format)).isEmpty();
    assertThat(TopologyFile.read(file).nodes()).isNotEmpty();
  }

  @Test
  void a_file_says_the_same_as_java() throws IOException {
    Topology office =
        Topology.named("office")
            .switches("sw")
            .routers("r1", "r2")
            .hosts("web", "db", "mail", "away")
            .link("r1", "sw")
            .link("web", "sw")
            .link("db", "sw")
            .link("mail", "sw")
            .link("r1", "r2")
            .link(Link.between("r2", "away").mtu(1400))
            .build()
            .addressed("10.0.0.0/16")
            .routed();

    assertThat(TopologyFile.read(EXAMPLES.resolve("office.yaml"))).isEqualTo(office);
  }

  @Test
  void everything_that_is_wrong_is_told_with_its_position() {
    String text =
        """
        name: 1ab
        colour: red
        nodes:
          web: hots
          db: {kind: host, gateway: 10.0.0.300}
          sw: switch
        links:
          - [web, bd]
          - {a: web, b: sw, mtu: many}
          - {a: {node: db, addresses: [10.0.0.0/24, 10.0.0.1]}, b: sw}
          - {a: db}
        """;

    TopologyFile.InvalidException e =
        catchThrowableOfType(
            TopologyFile.InvalidException.class, () -> TopologyFile.parse("lab.yaml", text));

    assertThat(e.getMessage().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("lab.yaml:1:7: topology name \"1ab\""),
            line -> assertThat(line).startsWith("lab.yaml:2:1: a topology has no \"colour\""),
            line -> assertThat(line).startsWith("lab.yaml:4:8: kind \"hots\" is none of host"),
            line -> assertThat(line).startsWith("lab.yaml:5:29: not an IPv4 or IPv6 address"),
            line -> assertThat(line).isEqualTo("lab.yaml:8:11: there is no node bd"),
            line -> assertThat(line).startsWith("lab.yaml:9:26: mtu \"many\" is no number"),
            line -> assertThat(line).contains("10.0.0.0/24 is the network itself"),
            line -> assertThat(line).contains("no prefix length in \"10.0.0.1\""),
            line -> assertThat(line).startsWith("lab.yaml:11:5: a link has two ends"));
  }

  private static final String SHAPED =
      """
      name: lab
      nodes: {a: host, b: host, c: host}
      links:
        - a: {node: a, shaping: {jitter: 500us, delay: 1.5s, duplication: 0.1%}}
          b: b
          shaping: {rate: 10Mbit, loss: 2.5%, queue: 7}
        - {a: b, b: c, shaping: {rate: 64Kbit}}
      """;

  @Test
  void a_link_is_shaped_each_way_or_an_end_for_itself() throws IOException {
    Topology lab = TopologyFile.parse("lab.yaml", SHAPED);

    assertThat(schema().validate(SHAPED, InputFormat.YAML)).isEmpty();
    assertThat(lab.links().get(0).a().shaping())
        .hasToString("delay 1500ms 0.5ms duplicate 0.1% queue 50");
    assertThat(lab.links().get(0).b().shaping()).hasToString("rate 10Mbit loss 2.5% queue 7");
    assertThat(lab.links().get(1))
        .isEqualTo(
            Link.between("b", "c")
                .shape(Shaping.bitsPerSecond(64_000))
                .a(end -> end.iface("to-c"))
                .b(end -> end.iface("to-b")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rate: 10", "rate: 10mbit", "rate: 9bit", "rate: 99999Gbit", "delay: 20", "delay: 5m",
        "delay: 0.0001ms", "jitter: 1ms", "loss: 101%", "loss: 0.5", "queue: 0", "queue: 2.5",
        "queue: 99999999999", "speed: 1", "rate: [1]", "duplication: -1%", "rate: 1e3bit"
      })
  void a_line_that_cannot_be_is_refused_with_its_position(String shaping) {
    String text = SHAPED.replace("rate: 64Kbit", shaping);
    TopologyFile.InvalidException e =
        catchThrowableOfType(
            TopologyFile.InvalidException.class, () -> TopologyFile.parse("lab.yaml", text));

    assertThat(e).as(shaping).hasMessageStartingWith("lab.yaml:7:");
    assertThat(e.problems()).hasSize(1);
  }

  @Test
  void a_ring_of_switches_is_refused_at_the_link_that_closes_it_or_runs_stp() throws IOException {
    String text =
        """
        name: lab
        nodes: {s1: switch, s2: {kind: switch, stp: no}, a: host}
        links:
          - [s1, s2]
          - [a, s1]
          - [s2, s1]
        """;

    assertThat(
            catchThrowableOfType(
                TopologyFile.InvalidException.class,
                () -> TopologyFile.parse("x", text.replace("no}", "false}"))))
        .hasMessageStartingWith(
            "x:6:5: packets would circle without end in a ring of the switches");
    assertThat(
            catchThrowableOfType(
                TopologyFile.InvalidException.class, () -> TopologyFile.parse("x", text)))
        .hasMessageStartingWith("x:2:45: \"no\" is neither true nor false");
    String good =
        text.replace("s1: switch", "s1: {kind: switch, stp: true}").replace("no}", "true}");
    assertThat(schema().validate(good, InputFormat.YAML)).isEmpty();
    assertThat(TopologyFile.parse("x", good).nodes().get(1)).hasToString("switch s2 stp");
  }

  private static String refusal(String text) {
    return catchThrowableOfType(
            TopologyFile.InvalidException.class, () -> TopologyFile.parse("x", text))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(ints = {51, 1000, 100_000})
  void what_is_nested_too_deeply_is_refused_with_the_limit_and_how_to_set_it(int deep) {
    String limit =
        "more than 50 lists and mappings within one another; the system property"
            + " org.vnet4j.topology.file.depth sets another limit, up to 1000";

    assertThat(refusal("[".repeat(deep) + "]".repeat(deep))).isEqualTo("x:1:51: " + limit);
    assertThat(refusal("{a: ".repeat(deep) + "1" + "}".repeat(deep))).endsWith(limit);
    assertThat(refusal("- ".repeat(deep) + "1")).endsWith(limit);
    assertThat(refusal("? ".repeat(deep) + "1")).endsWith(limit);
    assertThat(refusal("[".repeat(50) + "]".repeat(50))).doesNotContain("more than");
  }

  @Test
  void what_is_too_large_is_refused_with_the_limit_and_how_to_set_it(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("big.yaml"), "x".repeat((3 << 20) + 1));
    String limit = "; the system property org.vnet4j.topology.file.size sets another limit";

    assertThat(
            catchThrowableOfType(
                TopologyFile.InvalidException.class, () -> TopologyFile.read(file)))
        .hasMessage(file + ":1:1: more than 3145728 bytes" + limit);
    assertThat(refusal("x".repeat((3 << 20) + 1)))
        .isEqualTo("x:1:1: more than 3145728 characters" + limit);
    System.setProperty("org.vnet4j.topology.file.size", "10");
    try {
      assertThat(refusal("name: laboratory")).isEqualTo("x:1:1: more than 10 characters" + limit);
    } finally {
      System.clearProperty("org.vnet4j.topology.file.size");
    }
  }

  @Test
  void a_byte_order_mark_is_skipped_and_another_encoding_is_named(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("lab.yaml");
    String text = "name: lab\n# für alle\nnodes: {a: host}\n";

    Files.writeString(file, "\ufeff" + text);
    assertThat(TopologyFile.read(file).name()).isEqualTo("lab");
    assertThat(TopologyFile.parse("x", "\ufeff" + text).name()).isEqualTo("lab");

    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    assertThat(
            catchThrowableOfType(
                TopologyFile.InvalidException.class, () -> TopologyFile.read(file)))
        .hasMessage(
            file
                + ":2:4: byte 0xfc: the file is not in UTF-8; it may be in ISO-8859-1 (Latin-1) or"
                + " windows-1252: convert it, for instance with iconv(1)");
    Files.writeString(file, text, StandardCharsets.UTF_16);
    assertThat(
            catchThrowableOfType(
                TopologyFile.InvalidException.class, () -> TopologyFile.read(file)))
        .hasMessageContaining(
            "lab.yaml:1:1: byte 0xfe: the file is not in UTF-8; it may be in UTF-16");
    Files.write(file, new byte[] {'a', (byte) 0xc3});
    assertThat(
            catchThrowableOfType(
                TopologyFile.InvalidException.class, () -> TopologyFile.read(file)))
        .hasMessageContaining("lab.yaml:1:2: byte 0xc3: the file is not in UTF-8");
  }

  @Test
  void two_links_to_one_switch_are_reported_at_the_second() {
    String text =
        """
        name: lab
        addresses: 10.0.0.0/16
        nodes: {a: host, sw: switch}
        links:
          - [a, sw]
          - [sw, a]
        """;

    assertThat(refusal(text)).startsWith("x:6:10: a has two interfaces on one network");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[", "name: [a", "- a", "just words", "name: a\nname: b\nnodes: {x: host}"})
  void what_is_no_topology_is_refused_with_a_position(String text) {
    TopologyFile.InvalidException e =
        catchThrowableOfType(
            TopologyFile.InvalidException.class, () -> TopologyFile.parse("x", text));
    assertThat(e.problems()).isNotEmpty().allMatch(one -> one.line() >= 1 && one.column() >= 1);
    assertThat(e.getMessage()).startsWith("x:");
  }

  @Test
  void the_schema_refuses_what_the_reader_refuses() throws IOException {
    String text = "{\"name\": \"lab\", \"nodes\": {\"a\": \"hots\"}, \"more\": 1}";

    assertThat(schema().validate(text, InputFormat.JSON)).isNotEmpty();
    assertThat(
            catchThrowableOfType(
                    TopologyFile.InvalidException.class, () -> TopologyFile.parse("x", text))
                .problems())
        .hasSize(2);
  }
}
