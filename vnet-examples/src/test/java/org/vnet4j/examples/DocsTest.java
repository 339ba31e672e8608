// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topology;
import org.vnet4j.topology.file.TopologyFile;

/** Compiles the samples of the documentation and compares their output with the pages. */
class DocsTest {
  private static final Page TOPOLOGIES = Page.of("docs/topologies.md");
  private static final String GIVEN =
      "Vnet vnet, Host host, NetInterface iface, Epair cable, MeterRegistry registry,"
          + " Shaping slow, Shaping fast, Flow.Subscriber<Object> subscriber";

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"topologies", "watching", "fleet", "testing"})
  void every_sample_compiles(String doc) throws Exception {
    StringBuilder source = new StringBuilder(Sample.HEAD);
    List<String> samples = Page.of("docs/" + doc + ".md").blocks("java");
    assertThat(samples).isNotEmpty();
    for (String sample : samples) {
      source.append("abstract class Sample").append(source.length()).append(" {\n");
      source.append(
          sample.contains("class ") ? sample : "void sample(" + GIVEN + ") throws Exception {\n");
      if (sample.startsWith(".")) { // some lines of a topology
        source.append("Topology.named(\"it\")\n").append(sample.replace("))     //", "))\n//"));
        source.append(";\n}\n");
      } else if (!sample.contains("class ")) {
        source.append(sample).append("}\n");
      }
      source.append("}\n");
    }
    Sample.compile(temp, "Samples", source.toString());
  }

  @Test
  void the_office_prints_what_the_page_shows() {
    Topology office = office().build().addressed("10.0.0.0/16").routed();
    TOPOLOGIES.shows(office);
    try (Vnet vnet = Sandboxes.open()) {
      TOPOLOGIES.shows(office.plan(vnet));
      Network network = office.apply(vnet);
      assertThat(office.plan(vnet).toString()).isEqualTo("office: nothing to do");
      TOPOLOGIES.shows(
          office()
              .hosts("guest")
              .link("guest", "sw")
              .build()
              .addressed("10.0.0.0/16")
              .routed()
              .plan(vnet));
      network.node("r1").forwarding(false);
      Jail mail = network.node("mail");
      mail.iface("to-sw").down();
      TOPOLOGIES.shows(office.plan(vnet));
      TOPOLOGIES.shows(network.pingAll());
      Topology.destroy(vnet, "office");
    }
  }

  @Test
  void files_of_the_page_are_read() throws Exception {
    for (String yaml : TOPOLOGIES.blocks("yaml")) {
      if (yaml.startsWith("name:")) {
        Path file = Files.writeString(temp.resolve("office.yaml"), yaml);
        assertThat(TopologyFile.read(file).nodes()).hasSize(4);
        return;
      }
    }
    throw new AssertionError("no file on the page");
  }

  @Test
  void the_file_of_the_fleet_is_the_example_and_its_errors_are_those_of_the_page()
      throws Exception {
    Page fleet = Page.of("docs/fleet.md");
    String yaml = fleet.blocks("yaml").get(0);
    Spread spread = TopologyFile.parseSpread("lab.yaml", yaml);
    Spread example = TopologyFile.readSpread(Path.of("../docs/examples/three-machines.yaml"));
    for (String machine : List.of("alpha", "beta", "gamma")) {
      assertThat(spread.part(machine)).isEqualTo(example.part(machine));
    }
    String wrong = yaml.replace("nodes: away", "nodes: web").replace("vxlan", "gre6");
    assertThatThrownBy(() -> TopologyFile.parseSpread("lab.yaml", wrong))
        .satisfies(e -> fleet.shows(e.getMessage()));
  }

  /** A property is a text in the code that looks like one; what it does, the page says. */
  @Test
  void the_table_of_system_properties_has_those_that_the_code_reads() throws IOException {
    Set<String> code = new TreeSet<>();
    Pattern property = Pattern.compile("\"(org\\.vnet4j(?:\\.[a-z]+)+)\"");
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      List<Path> sources =
          files
              .filter(file -> file.toString().matches("\\.\\./vnet-\\w+/src/main/.*\\.java"))
              .toList();
      for (Path source : sources) {
        property
            .matcher(Files.readString(source))
            .results()
            .map(match -> match.group(1))
            .forEach(code::add);
      }
    }
    assertThat(code).contains("org.vnet4j.helper", "org.vnet4j.disable");
    assertThat(Page.of("docs/embedding.md").text().lines())
        .filteredOn(line -> line.startsWith("| `org.vnet4j."))
        .extracting(line -> line.split("`")[1])
        .containsExactlyInAnyOrderElementsOf(code);
  }

  static Topology.Builder office() {
    return Topology.named("office")
        .switches("sw")
        .routers("r1", "r2")
        .hosts("web", "db", "mail", "away")
        .link("r1", "sw")
        .link("web", "sw")
        .link("db", "sw")
        .link("mail", "sw")
        .link("r1", "r2")
        .link(Link.between("r2", "away").mtu(1400));
  }
}
