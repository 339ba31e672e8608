// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topology;
import org.vnet4j.topology.yaml.TopologyFile;

/** The samples of the docs compile, and print what the docs show. */
class DocsTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final String HEAD =
      """
      import static org.assertj.core.api.Assertions.assertThat;
      import io.micrometer.core.instrument.MeterRegistry;
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.concurrent.Flow;
      import org.junit.jupiter.api.Test;
      import org.vnet4j.*;
      import org.vnet4j.capture.*;
      import org.vnet4j.junit.Node;
      import org.vnet4j.junit.VnetTest;
      import org.vnet4j.micrometer.*;
      import org.vnet4j.net.*;
      import org.vnet4j.topology.*;
      """;
  private static final String GIVEN =
      "Vnet vnet, Host host, NetInterface iface, Epair cable, MeterRegistry registry,"
          + " Shaping slow, Shaping fast, Flow.Subscriber<Object> subscriber";

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"topologies", "watching", "fleet", "testing"})
  void every_sample_compiles(String doc) throws Exception {
    StringBuilder source = new StringBuilder(HEAD);
    List<String> samples = blocks(doc, "java");
    assertThat(samples).isNotEmpty();
    for (String sample : samples) {
      source.append("abstract class Sample").append(source.length()).append(" {\n");
      source.append(sample.contains("class ") ? sample : "void sample(" + GIVEN + ") {\n");
      if (sample.startsWith(".")) { // some lines of a topology
        source.append("Topology.named(\"it\")\n").append(sample.replace("))     //", "))\n//"));
        source.append(";\n}\n");
      } else if (!sample.contains("class ")) {
        source.append(sample).append("}\n");
      }
      source.append("}\n");
    }
    Path file = Files.writeString(temp.resolve("Samples.java"), source);
    StringWriter said = new StringWriter();
    var javac = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-proc:none", "-d", temp.toString(), "-cp", System.getProperty("java.class.path"));
    try (var files = javac.getStandardFileManager(null, null, null)) {
      javac.getTask(said, files, null, options, null, files.getJavaFileObjects(file)).call();
    }
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void the_office_prints_what_the_page_shows() {
    Topology office = office().build().addressed("10.0.0.0/16").routed();
    shown("topologies", office);
    try (Vnet vnet = sandbox()) {
      shown("topologies", office.plan(vnet));
      Network network = office.apply(vnet);
      assertThat(office.plan(vnet).toString()).isEqualTo("office: nothing to do");
      shown(
          "topologies",
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
      shown("topologies", office.plan(vnet));
      shown("topologies", network.pingAll());
      Topology.destroy(vnet, "office");
    }
  }

  @Test
  void files_of_the_page_are_read() throws Exception {
    for (String yaml : blocks("topologies", "yaml")) {
      if (yaml.startsWith("name:")) {
        Path file = Files.writeString(temp.resolve("office.yaml"), yaml);
        assertThat(TopologyFile.read(file).nodes()).hasSize(4);
        return;
      }
    }
    throw new AssertionError("no file on the page");
  }

  private static Topology.Builder office() {
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

  private static Vnet sandbox() {
    try {
      return Vnet.sandbox();
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      return abort(e.getMessage());
    }
  }

  /** Some block of the page is that, where "..." stands for lines, and times may differ. */
  private static void shown(String doc, Object printed) {
    assertThat(blocks(doc, ""))
        .as("a block of docs/%s.md that shows\n%s", doc, printed)
        .anyMatch(block -> pattern(block).matcher(printed.toString().strip()).matches());
  }

  private static Pattern pattern(String block) {
    StringBuilder pattern = new StringBuilder();
    for (String line : block.strip().split("\n")) {
      pattern.append(pattern.isEmpty() ? "" : "\n");
      String quoted = line.equals("...") ? "" : Pattern.quote(line);
      pattern.append(
          line.equals("...")
              ? "(?s:.*)"
              : quoted.replaceAll(" +[0-9]+\\.[0-9]{3}\\b", "\\\\E +[0-9.]+\\\\Q"));
    }
    return Pattern.compile(pattern.toString());
  }

  private static List<String> blocks(String doc, String language) {
    try {
      String text = Files.readString(DOCS.resolve(doc + ".md"));
      List<String> blocks = new ArrayList<>();
      for (MatchResult block :
          Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
              .matcher(text)
              .results()
              .toList()) {
        if (block.group(1).equals(language)) {
          blocks.add(block.group(2));
        }
      }
      return blocks;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
