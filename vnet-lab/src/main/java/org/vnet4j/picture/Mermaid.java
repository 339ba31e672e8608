// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vnet4j.picture.Picture.Condition;
import org.vnet4j.picture.Picture.Edge;
import org.vnet4j.picture.Picture.Kind;
import org.vnet4j.picture.Picture.Vertex;

/** Writes a Mermaid flowchart. Ids are numbers, so no name can break the source. */
final class Mermaid {
  private final Picture picture;
  private final Map<String, String> ids = new HashMap<>();
  private final StringBuilder out = new StringBuilder("flowchart LR\n");

  private Mermaid(Picture picture) {
    this.picture = picture;
    picture.shapes().forEach(shape -> ids.put(shape.id(), "n" + ids.size()));
  }

  static String of(Picture picture) {
    Mermaid mermaid = new Mermaid(picture);
    mermaid.shapes("", "  ");
    mermaid.lines();
    mermaid.classes();
    return mermaid.out.toString();
  }

  private void shapes(String parent, String indent) {
    for (Vertex shape : picture.children(parent)) {
      String id = ids.get(shape.id());
      if (picture.isContainer(shape)) {
        out.append(indent)
            .append("subgraph g")
            .append(id)
            .append("[\"")
            .append(text(shape.label()));
        out.append("\"]\n");
        node(shape, indent + "  ");
        shapes(shape.id(), indent + "  ");
        out.append(indent).append("end\n");
      } else {
        node(shape, indent);
      }
    }
  }

  private void node(Vertex shape, String indent) {
    String label = "\"" + text(shape.label()) + "\"";
    String form =
        switch (shape.kind()) {
          case HOST -> "[" + label + "]";
          case ROUTER -> "([" + label + "])";
          case SWITCH -> "{{" + label + "}}";
          case MACHINE -> "[[" + label + "]]";
        };
    out.append(indent).append(ids.get(shape.id())).append(form).append('\n');
  }

  private void lines() {
    for (Edge line : picture.lines()) {
      String label = text(String.join(" ", parts(line))).strip();
      out.append("  ").append(ids.get(line.a()));
      out.append(
          line.condition() == Condition.DOWN
              ? " -.-"
              : line.condition() == Condition.SHAPED ? " ===" : " ---");
      out.append(label.isEmpty() ? " " : "|\"" + label + "\"| ")
          .append(ids.get(line.b()))
          .append('\n');
    }
  }

  static List<String> parts(Edge line) {
    List<String> ends = List.of(line.endA(), line.middle(), line.endB());
    return ends.stream()
        .filter(part -> !part.isEmpty())
        .map(part -> part.replace('\n', ' '))
        .toList();
  }

  private void classes() {
    for (Kind kind : Kind.values()) {
      List<String> members =
          picture.shapes().stream()
              .filter(shape -> shape.kind() == kind)
              .map(shape -> ids.get(shape.id()))
              .toList();
      if (!members.isEmpty()) {
        String name = kind.name().toLowerCase(java.util.Locale.ROOT);
        out.append("  classDef ").append(name).append(" fill:").append(Svg.fill(kind));
        out.append(",stroke:").append(Svg.stroke(kind)).append(",color:#1c2733\n");
        out.append("  class ")
            .append(String.join(",", members))
            .append(' ')
            .append(name)
            .append('\n');
      }
    }
  }

  private static String text(String text) {
    return text.replace("#", "#35;")
        .replace("`", "#96;")
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
