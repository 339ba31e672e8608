// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.InputFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.topology.Link;
import org.vnet4j.topology.Spread;
import org.vnet4j.topology.Topology;
import org.vnet4j.topology.TunnelKind;

/** Topologies that are spread over machines, in files. */
class SpreadFileTest {
  private static final Path FILE = Path.of("..", "docs", "examples", "three-machines.yaml");

  private static final String TWO =
      """
      name: lab
      nodes: {a: host, b: host, c: host}
      links:
        - [a, b]
        - [b, c]
      machines:
        one: {address: 192.0.2.1, nodes: [a, b]}
        two: {address: "2001:db8::2", nodes: [c]}
      """;

  private static List<String> wrong(String text) {
    return catchThrowableOfType(
            TopologyFile.InvalidException.class, () -> TopologyFile.parseSpread("lab.yaml", text))
        .getMessage()
        .lines()
        .toList();
  }

  @Test
  void a_file_says_the_same_as_java() throws IOException {
    Topology lab =
        Topology.named("lab")
            .switches("sw")
            .routers("r1")
            .hosts("web", "db", "away")
            .link(Link.between("web", "sw").mtu(1450))
            .link(Link.between("db", "sw").mtu(1450))
            .link(Link.between("r1", "sw").mtu(1450))
            .link(Link.between("r1", "away").mtu(1450))
            .build()
            .addressed("10.0.0.0/16")
            .routed();
    Spread java =
        Spread.of(lab)
            .machine("alpha", "198.51.100.1", "web", "sw", "r1")
            .machine("beta", "198.51.100.2", "db")
            .machine("gamma", "198.51.100.3", "away");

    assertThat(TopologyFileTest.schema().validate(Files.readString(FILE), InputFormat.YAML))
        .isEmpty();
    Spread file = TopologyFile.readSpread(FILE);
    for (String machine : List.of("alpha", "beta", "gamma")) {
      assertThat(file.part(machine)).isEqualTo(java.part(machine));
    }
    assertThat(TopologyFile.read(FILE)).as("all of it on one machine").isEqualTo(lab);
  }

  @Test
  void tunnels_are_of_the_kind_that_is_named_and_else_vxlan() {
    assertThat(TopologyFile.parseSpread("lab", TWO).part("two").tunnels())
        .extracting(tunnel -> tunnel.kind())
        .containsExactly(TunnelKind.VXLAN);
    assertThat(TopologyFile.parseSpread("lab", TWO + "tunnels: gif\n").part("two").tunnels())
        .extracting(tunnel -> tunnel.kind())
        .containsExactly(TunnelKind.GIF);
  }

  @Test
  void everything_that_is_wrong_is_told_with_its_position() {
    String text =
        """
        name: lab
        nodes: {a: host, b: host, c: hots, d: host}
        links:
          - [a, x]
        machines:
          one: {address: 192.0.2.300, nodes: [a, y]}
          two: {nodes: [a, b], colour: red}
          three: {address: 192.0.2.3}
        tunnels: carrier-pigeon
        """;

    assertThat(wrong(text))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("lab.yaml:2:30: kind \"hots\" is none of"),
            line -> assertThat(line).isEqualTo("lab.yaml:4:9: there is no node x"),
            line -> assertThat(line).isEqualTo("lab.yaml:6:3: on no machine: c, d"),
            line -> assertThat(line).startsWith("lab.yaml:6:18: not an IPv4 or IPv6 address"),
            line -> assertThat(line).isEqualTo("lab.yaml:6:42: there is no node y"),
            line -> assertThat(line).startsWith("lab.yaml:7:8: machine two has no address"),
            line -> assertThat(line).isEqualTo("lab.yaml:7:17: node a is on machine one already"),
            line -> assertThat(line).startsWith("lab.yaml:7:24: a machine has no \"colour\""),
            line -> assertThat(line).isEqualTo("lab.yaml:8:10: machine three has no nodes"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "lab.yaml:9:10: tunnels \"carrier-pigeon\" are none of vxlan, gre, gif"));
  }

  /** What the value itself refuses has its place in the file, too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "two: {address: \"2001:db8::2\", nodes: [c]} | two: {address: 192.0.2.1, nodes: [c]} |"
            + " 8:8: 192.0.2.1 is the address of another machine already",
        "two: {address: | one: {address: | 8:3: \"one\" is there twice",
        "nodes: {a: host | nodes: {tunnel-5001: host, a: host | 7:3: on no machine: tunnel-5001",
        "{address: 192.0.2.1, nodes: [a, b]} | just words | 7:8: a machine: names with values",
        "[a, b]} | []} | 7:3: on no machine: a, b"
      })
  void a_machine_that_cannot_be(String from, String to, String problem) {
    assertThat(wrong(TWO.replace(from, to))).anyMatch(line -> line.contains(problem));
  }

  @Test
  void a_node_may_be_the_only_one_of_its_network_on_its_machine() {
    Spread spread =
        TopologyFile.parseSpread(
            "lab",
            """
            name: lab
            nodes: {sw: switch, h1: host, h2: host, h3: host, h4: host}
            links:
              - {a: {node: h1, addresses: 10.0.0.1/24}, b: sw}
              - {a: {node: h2, addresses: 10.0.1.1/24}, b: sw}
              - {a: {node: h3, addresses: 10.0.0.2/24}, b: sw}
              - {a: {node: h4, addresses: 10.0.1.2/24}, b: sw}
            machines:
              alpha: {address: 192.0.2.1, nodes: [sw, h1, h2]}
              beta: {address: 192.0.2.2, nodes: [h3, h4]}
            """);

    assertThat(spread.part("alpha").topology().links()).hasSize(4);
    assertThat(spread.part("beta").tunnels()).hasSize(2);
  }

  @Test
  void a_node_called_like_a_tunnel_and_a_second_gif_to_one_machine_are_refused() {
    String called = TWO.replace("c: host}", "tunnel-5001: host}").replace("c]", "tunnel-5001]");
    assertThat(wrong(called))
        .allMatch(line -> line.contains("has a node tunnel-5001, which a tunnel is called"))
        .hasSize(2);
    assertThat(wrong(TWO.replace("- [b, c]", "- [b, c]\n  - [a, c]") + "tunnels: gif\n"))
        .allMatch(line -> line.contains("there is one gif between two machines"))
        .hasSize(2);
  }

  @Test
  void without_machines_it_is_no_spread_and_tunnels_join_nothing() {
    String one = TWO.substring(0, TWO.indexOf("machines"));
    assertThat(wrong(one))
        .containsExactly("lab.yaml:1:1: there are no machines: this is a topology of one");
    assertThat(wrong(one + "tunnels: gre\n"))
        .containsExactly("lab.yaml:6:10: there are no machines that tunnels could join");
    assertThat(TopologyFile.parse("lab.yaml", one).nodes()).hasSize(3);
  }
}
