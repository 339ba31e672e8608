// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.vnet4j.Vnet;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topologies;
import org.vnet4j.topology.Topology;

/**
 * Compares the pictures in the documentation with newly drawn ones. {@code -Dvnet.docs.draw=true}
 * replaces them.
 */
class DocsPicturesTest {
  private static final Path IMAGES = Path.of("..", "docs", "images");

  private static void isDrawn(String name, String svg) throws IOException {
    Path file = IMAGES.resolve(name + ".svg");
    if (Boolean.getBoolean("vnet.docs.draw")) {
      Files.writeString(file, svg);
    }
    assertThat(Files.readString(file)).as("draw it anew with -Dvnet.docs.draw=true").isEqualTo(svg);
  }

  private static void isDrawn(String name, Topology topology) throws IOException {
    isDrawn(name, topology.addressed("10.0.0.0/16").picture().toSvg());
  }

  @Test
  void the_shapes_are_as_they_are_drawn_now() throws IOException {
    isDrawn("office", DocsTest.office().build());
    isDrawn("fat-tree", Topologies.fatTree("fat-tree", 4));
    isDrawn("torus", Topologies.torus("torus", 4, 4));
    isDrawn("random", Topologies.random("random", 20, 30, 7));
  }

  /** The number of bytes in the picture of a failed test differs each time. */
  @Test
  void the_network_of_a_failed_test_is_as_it_is_drawn_now() throws IOException {
    Topology lab =
        Topology.named("lab")
            .routers("r1")
            .hosts("web", "db")
            .link("web", "r1")
            .link("db", "r1")
            .build()
            .addressed("10.0.0.0/16")
            .routed();
    try (Vnet vnet = Vnet.sandbox()) {
      Network network = lab.apply(vnet);
      network.node("db").iface("to-r1").down();
      network.node("web").ping("10.0.0.1").count(1).run();
      String svg = network.pictureWithCounters().toSvg();
      Path file = IMAGES.resolve("failed.svg");
      if (Boolean.getBoolean("vnet.docs.draw")) {
        Files.writeString(file, svg);
      }
      String shown = Files.readString(file);
      assertThat(shown)
          .as("draw it anew with -Dvnet.docs.draw=true")
          .contains("B in<", "dasharray");
      assertThat(words(svg)).isEqualTo(words(shown));
    } catch (Vnet.UnsupportedException | Vnet.NotPermittedException e) {
      abort(e.getMessage());
    }
  }

  private static String words(String svg) {
    String words = svg.replaceAll("<[^>]*>", " ").replaceAll("[0-9.]+ [kM]?B in", "B in");
    return words.replaceAll("\\s+", " ");
  }
}
