// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vnet4j.picture.Picture.Condition;
import org.vnet4j.picture.Picture.Edge;
import org.vnet4j.picture.Picture.Kind;
import org.vnet4j.picture.Picture.Vertex;
import org.vnet4j.picture.Svg.Box;
import org.vnet4j.topology.Topologies;
import org.vnet4j.topology.Topology;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Drawings: whole, the same each time, and with shapes that do not lie on each other. */
class PictureTest {

  static List<Topology> topologies() {
    List<Topology> all =
        new ArrayList<>(
            List.of(
                Topologies.line("line", 5),
                Topologies.ring("ring", 6),
                Topologies.star("star", 8),
                Topologies.tree("tree", 3, 3),
                Topologies.fatTree("fat", 4),
                Topologies.torus("torus", 4, 4),
                Topologies.random("random", 20, 30, 7),
                Topologies.random("dense", 12, 60, 8)));
    all.replaceAll(one -> one.addressed("10.0.0.0/16"));
    return all;
  }

  @ParameterizedTest
  @MethodSource("topologies")
  void an_svg_is_well_formed_and_shows_every_node_apart_from_the_others(Topology topology)
      throws Exception {
    String svg = topology.picture().toSvg();
    assertThat(topology.picture().toSvg()).isEqualTo(svg);
    Document document = parse(svg);
    NodeList texts = document.getElementsByTagName("text");
    Set<String> written = new HashSet<>();
    List<double[]> at = new ArrayList<>();
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      written.add(text.getTextContent());
      if (topology.findNode(text.getTextContent()).isPresent()) {
        at.add(
            new double[] {
              Double.parseDouble(text.getAttribute("x")), Double.parseDouble(text.getAttribute("y"))
            });
      }
    }
    topology.nodes().forEach(node -> assertThat(written).contains(node.name()));
    for (int i = 0; i < at.size(); i++) {
      for (int j = 0; j < i; j++) {
        double dx = Math.abs(at.get(i)[0] - at.get(j)[0]);
        double dy = Math.abs(at.get(i)[1] - at.get(j)[1]);
        assertThat(dx >= 58 || dy >= 36).as("two nodes at one place: %s, %s", dx, dy).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("topologies")
  void what_hangs_on_nothing_is_drawn_beside_the_rest(Topology topology) throws Exception {
    Picture joined = topology.picture();
    List<Vertex> shapes = new ArrayList<>(joined.shapes());
    for (String name : List.of("alone", "lonely", "solo")) {
      shapes.add(1, new Vertex(name, name, Kind.HOST, "", ""));
    }

    String svg = new Picture("it", shapes, joined.lines()).toSvg();

    parse(svg);
    assertThat(svg).contains(">alone<", ">lonely<", ">solo<");
    assertThat(svg.split("font-size=\"12.0\"")).hasSize(shapes.size() + 1);
  }

  /** Labels are written in a size of their own; the boxes of shapes are those of their texts. */
  @ParameterizedTest
  @MethodSource("topologies")
  void labels_lie_neither_on_each_other_nor_on_shapes_and_hardly_any_is_left_out(Topology topology)
      throws Exception {
    Picture picture = topology.picture();
    Document document = parse(picture.toSvg());
    NodeList texts = document.getElementsByTagName("text");
    List<Svg.Box> labels = new ArrayList<>();
    List<Svg.Box> all = new ArrayList<>();
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      double size = Double.parseDouble(text.getAttribute("font-size"));
      double x = Double.parseDouble(text.getAttribute("x"));
      double y = Double.parseDouble(text.getAttribute("y"));
      String said = text.getTextContent();
      if (size == Labels.SIZE) {
        Svg.Box label = new Svg.Box(x, y - 3.4, Svg.width(said, size), Labels.ROW - 0.5);
        assertThat(all).as("under the label %s", said).noneMatch(label::meets);
        labels.add(label);
        all.add(label);
      } else if (topology.findNode(said).isPresent()) {
        all.add(new Svg.Box(x, y - 4.2, Math.max(58, Svg.width(said, size) + 26), 36));
      }
    }
    long wanted =
        picture.lines().stream()
            .flatMap(line -> Stream.of(line.endA(), line.middle(), line.endB()))
            .flatMap(String::lines)
            .count();
    double least = topology.name().equals("dense") ? 0.75 : 0.98;
    assertThat(labels.size()).as("of " + wanted).isGreaterThanOrEqualTo((int) (least * wanted));
  }

  @Test
  void names_that_mean_something_to_the_format_are_escaped() throws Exception {
    String name = "a\"<b>&\\]";
    Picture picture =
        new Picture(
            name,
            List.of(
                new Vertex("x", name, Kind.HOST, "", name),
                new Vertex("y", "y", Kind.SWITCH, "", "")),
            List.of(new Edge("x", "y", name, "", "", Condition.DOWN, name)));

    assertThat(parse(picture.toSvg()).getDocumentElement().getTextContent()).contains(name);
    assertThat(picture.toMermaid()).contains("n0[\"a&quot;&lt;b&gt;&amp;\\]\"]").contains("-.-");
    assertThat(picture.toDot()).contains("label=\"a\\\"<b>&\\\\]\"").contains("style=dashed");
  }

  @Test
  void mermaid_and_dot_show_nodes_links_and_nesting() {
    Picture picture =
        new Picture(
            "lab",
            List.of(
                new Vertex("outer", "outer", Kind.ROUTER, "", ""),
                new Vertex("outer.inner", "inner", Kind.HOST, "outer", "")),
            List.of(
                new Edge("outer", "outer.inner", ".1", ".2", "10.0.0.0/30", Condition.SHAPED, ""),
                new Edge("outer", "nowhere", "", "", "", Condition.UP, "")));

    assertThat(picture.lines()).hasSize(1);
    assertThat(picture.toMermaid())
        .startsWith("flowchart LR\n")
        .contains("subgraph gn0[\"outer\"]\n    n0([\"outer\"])\n    n1[\"inner\"]\n  end\n")
        .contains("n0 ===|\".1 10.0.0.0/30 .2\"| n1");
    assertThat(picture.toDot())
        .startsWith("graph \"lab\" {")
        .contains("subgraph \"cluster outer\" {")
        .contains("\"outer\" -- \"outer.inner\" [taillabel=\".1\", headlabel=\".2\"")
        .endsWith("}\n");
    assertThat(picture.toSvg()).contains(">inner<").contains(">outer<").contains(">shaped<");
  }

  @Test
  void an_epair_with_both_ends_in_one_stack_is_a_loop_with_its_two_names() {
    Edge first = new Edge("host", "host", "a1", "b1", "", Condition.UP, "");
    Edge second = new Edge("host", "host", "a2", "b2", "", Condition.DOWN, "");
    Box box = new Box(0, 0, 60, 36);
    Map<String, Box> boxes = Map.of("host", box);

    double one = Wire.of(first, box, box, 0, boxes).at(0.5)[1];
    double two = Wire.of(second, box, box, 1, boxes).at(0.5)[1];
    assertThat(one).isGreaterThan(18 + 20);
    assertThat(two).isGreaterThan(one + 20);
    Picture picture =
        new Picture(
            "loops",
            List.of(new Vertex("host", "host", Kind.MACHINE, "", "")),
            List.of(first, second));
    assertThat(picture.toSvg()).contains(">a1<", ">b1<", ">a2<", ">b2<");
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
