// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import org.vnet4j.picture.Picture.Condition;
import org.vnet4j.picture.Picture.Edge;
import org.vnet4j.picture.Picture.Vertex;

/** Writes a graph in Graphviz's language. */
final class Dot {
  private final Picture picture;
  private final StringBuilder out = new StringBuilder();

  private Dot(Picture picture) {
    this.picture = picture;
  }

  static String of(Picture picture) {
    Dot dot = new Dot(picture);
    dot.out.append("graph ").append(quoted(picture.title())).append(" {\n");
    dot.out.append("  node [style=filled, fontname=\"sans-serif\", fontsize=11]\n");
    dot.out.append("  edge [fontname=\"sans-serif\", fontsize=9]\n");
    dot.shapes("", "  ");
    picture.lines().forEach(dot::line);
    return dot.out.append("}\n").toString();
  }

  private void shapes(String parent, String indent) {
    for (Vertex shape : picture.children(parent)) {
      if (picture.isContainer(shape)) {
        out.append(indent)
            .append("subgraph ")
            .append(quoted("cluster " + shape.id()))
            .append(" {\n");
        out.append(indent).append("  label=").append(quoted(shape.label())).append('\n');
        node(shape, indent + "  ");
        shapes(shape.id(), indent + "  ");
        out.append(indent).append("}\n");
      } else {
        node(shape, indent);
      }
    }
  }

  private void node(Vertex shape, String indent) {
    String form =
        switch (shape.kind()) {
          case HOST -> "box";
          case ROUTER -> "ellipse";
          case SWITCH -> "hexagon";
          case MACHINE -> "component";
        };
    out.append(indent).append(quoted(shape.id())).append(" [label=").append(quoted(shape.label()));
    out.append(", shape=").append(form);
    out.append(", fillcolor=\"").append(Svg.fill(shape.kind()));
    out.append("\", color=\"").append(Svg.stroke(shape.kind())).append("\"]\n");
  }

  private void line(Edge line) {
    out.append("  ").append(quoted(line.a())).append(" -- ").append(quoted(line.b()));
    out.append(" [taillabel=").append(quoted(line.endA()));
    out.append(", headlabel=").append(quoted(line.endB()));
    out.append(", label=").append(quoted(line.middle()));
    if (line.condition() == Condition.DOWN) {
      out.append(", style=dashed, color=\"").append(Svg.DOWN).append('"');
    } else if (line.condition() == Condition.SHAPED) {
      out.append(", penwidth=2, color=\"").append(Svg.SHAPED).append('"');
    }
    out.append("]\n");
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
