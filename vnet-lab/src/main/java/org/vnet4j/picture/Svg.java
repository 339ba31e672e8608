// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.vnet4j.picture.Picture.Condition;
import org.vnet4j.picture.Picture.Edge;
import org.vnet4j.picture.Picture.Kind;
import org.vnet4j.picture.Picture.Vertex;

/**
 * Draws a picture as SVG: the vertices, the edges behind them, and the labels that have a place.
 */
final class Svg {
  static final String DOWN = "#c0392b";
  static final String SHAPED = "#c77700";
  private static final String PLAIN = "#6b7a89";
  private static final double UNIT = 128;
  private static final double HEIGHT = 36;
  private static final double MARGIN = 28;
  private static final double TITLE = 24;

  /** A rectangle, by its centre. */
  record Box(double x, double y, double w, double h) {
    boolean meets(Box other) {
      return Math.abs(x - other.x) * 2 < w + other.w && Math.abs(y - other.y) * 2 < h + other.h;
    }

    /** Returns whether a straight line between two points crosses the box (Liang and Barsky). */
    boolean isCrossed(double[] from, double[] to) {
      double[] way = {to[0] - from[0], to[1] - from[1]};
      double[] low = {x - w / 2 - from[0], y - h / 2 - from[1]};
      double[] high = {x + w / 2 - from[0], y + h / 2 - from[1]};
      double enters = 0;
      double leaves = 1;
      for (int i = 0; i < 2; i++) {
        if (Math.abs(way[i]) < 1e-9) {
          if (low[i] > 0 || high[i] < 0) {
            return false;
          }
        } else {
          enters = Math.max(enters, Math.min(low[i] / way[i], high[i] / way[i]));
          leaves = Math.min(leaves, Math.max(low[i] / way[i], high[i] / way[i]));
        }
      }
      return enters <= leaves;
    }

    boolean holds(Box other) {
      return Math.abs(x - other.x) * 2 + other.w <= w && Math.abs(y - other.y) * 2 + other.h <= h;
    }

    /** Returns the distance of a point to the box, 0 inside. */
    double distance(double[] point) {
      double dx = Math.max(0, Math.abs(point[0] - x) - w / 2);
      double dy = Math.max(0, Math.abs(point[1] - y) - h / 2);
      return Math.hypot(dx, dy);
    }

    Box grown(double by) {
      return new Box(x, y, w + 2 * by, h + 2 * by);
    }

    Box moved(double dx, double dy) {
      return new Box(x + dx, y + dy, w, h);
    }
  }

  private final Picture picture;
  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final Map<String, Box> frames = new LinkedHashMap<>();
  private final StringBuilder out = new StringBuilder();

  Svg(Picture picture) {
    this.picture = picture;
  }

  static String fill(Kind kind) {
    return switch (kind) {
      case HOST -> "#dcebfb";
      case ROUTER -> "#d9f2df";
      case SWITCH -> "#fdebcf";
      case MACHINE -> "#e7e3f4";
    };
  }

  static String stroke(Kind kind) {
    return switch (kind) {
      case HOST -> "#2f6fb0";
      case ROUTER -> "#2e8b57";
      case SWITCH -> "#c47f17";
      case MACHINE -> "#6a5aa8";
    };
  }

  String draw() {
    place("");
    double left = edge(box -> box.x() - box.w() / 2, false) - MARGIN;
    double right = edge(box -> box.x() + box.w() / 2, true) + MARGIN;
    double top = edge(box -> box.y() - box.h() / 2, false) - MARGIN - TITLE;
    double bottom = edge(box -> box.y() + box.h() / 2, true) + MARGIN + TITLE;
    if (right - left < 330) {
      double more = (330 - right + left) / 2;
      left -= more;
      right += more;
    }
    StringBuilder wires = new StringBuilder();
    Map<String, Integer> parallel = new HashMap<>();
    List<Wire> all = new ArrayList<>();
    for (Edge line : picture.lines()) {
      String key =
          line.a().compareTo(line.b()) < 0 ? line.a() + " " + line.b() : line.b() + " " + line.a();
      int number = parallel.merge(key, 1, Integer::sum) - 1;
      all.add(Wire.of(line, boxes.get(line.a()), boxes.get(line.b()), number, boxes));
    }
    all.forEach(wire -> wires.append(wire(wire)));
    List<Box> obstacles = new ArrayList<>(boxes.values());
    frames.forEach((id, box) -> obstacles.add(title(id, box)));
    Labels labels = new Labels(obstacles, frames.values(), all);
    String written = labels.draw();
    List<Box> drawn = new ArrayList<>(boxes.values());
    drawn.addAll(labels.taken());
    for (Box box : drawn) {
      left = Math.min(left, box.x() - box.w() / 2 - 8);
      right = Math.max(right, box.x() + box.w() / 2 + 8);
      top = Math.min(top, box.y() - box.h() / 2 - 8 - TITLE);
      bottom = Math.max(bottom, box.y() + box.h() / 2 + 8 + TITLE);
    }
    for (Wire wire : all) {
      left = Math.min(left, wire.at(0.5)[0] - 8);
      right = Math.max(right, wire.at(0.5)[0] + 8);
      top = Math.min(top, wire.at(0.5)[1] - 8 - TITLE);
      bottom = Math.max(bottom, wire.at(0.5)[1] + MARGIN + TITLE);
    }
    out.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%.0f %.0f %.0f %.0f\" width=\"%3$.0f\""
                + " height=\"%4$.0f\" font-family=\"'DejaVu Sans',Verdana,Arial,sans-serif\">\n",
            left,
            top,
            right - left,
            bottom - top));
    out.append(rect(left, top, right - left, bottom - top, 0, "#ffffff", "none", ""));
    out.append(text(left + 14, top + 22, 13, "start", "#1c2733", "bold", picture.title()));
    frames.forEach(this::frame);
    out.append(wires);
    picture.shapes().stream().filter(s -> boxes.containsKey(s.id())).forEach(this::shape);
    out.append(written);
    legend(left + 14, bottom - 16);
    return out.append("</svg>\n").toString();
  }

  private double edge(java.util.function.ToDoubleFunction<Box> side, boolean max) {
    List<Box> all = new ArrayList<>(boxes.values());
    all.addAll(frames.values());
    var sides = all.stream().mapToDouble(side);
    return (max ? sides.max() : sides.min()).orElse(0);
  }

  // ---- placing

  /** Places the children of a shape around the origin and returns their common size. */
  private Box place(String parent) {
    List<Vertex> children = new ArrayList<>(picture.children(parent));
    children.sort(Comparator.comparing(picture::isContainer)); // lines between others pass by
    Map<String, Box> sizes = new LinkedHashMap<>();
    picture.shapes().stream()
        .filter(shape -> !parent.isEmpty() && shape.id().equals(parent))
        .forEach(self -> sizes.put(self.id(), size(self)));
    boolean nested = false;
    for (Vertex child : children) {
      if (picture.isContainer(child)) {
        nested = true;
        sizes.put(child.id(), place(child.id()));
      } else {
        sizes.put(child.id(), size(child));
      }
    }
    List<String> ids = new ArrayList<>(sizes.keySet());
    Map<String, double[]> centres = nested ? rows(sizes) : graph(ids, sizes);
    Box bounds = bounds(sizes, centres);
    for (String id : ids) {
      double[] to = {centres.get(id)[0] - bounds.x(), centres.get(id)[1] - bounds.y()};
      boolean container = !id.equals(parent) && ids.contains(id) && isContainer(id);
      if (container) {
        move(id, to[0], to[1]);
        frames.put(id, new Box(to[0], to[1], sizes.get(id).w(), sizes.get(id).h()));
      } else {
        boxes.put(id, sizes.get(id).moved(to[0], to[1]));
      }
    }
    return new Box(0, 0, bounds.w() + 40, bounds.h() + 56);
  }

  private boolean isContainer(String id) {
    return picture.shapes().stream().anyMatch(shape -> shape.parent().equals(id));
  }

  private void move(String container, double dx, double dy) {
    for (Map<String, Box> map : List.of(boxes, frames)) {
      map.replaceAll(
          (id, box) ->
              id.equals(container) || id.startsWith(container + ".") ? box.moved(dx, dy + 8) : box);
    }
  }

  private Map<String, double[]> graph(List<String> ids, Map<String, Box> sizes) {
    Graph graph = new Graph(ids.size());
    for (Edge line : picture.lines()) {
      int a = ids.indexOf(line.a());
      int b = ids.indexOf(line.b());
      if (a >= 0 && b >= 0) {
        graph.join(a, b);
      }
    }
    Layout layout = Layout.of(graph);
    double widest = sizes.values().stream().mapToDouble(Box::w).max().orElse(0);
    double unit = Math.max(graph.size > 60 ? 80 : UNIT, widest + 34);
    double high = Math.max(110, Math.max(unit * 0.85, 20 * rowsOfLabels(ids) + 40));
    Map<String, double[]> centres = new LinkedHashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      centres.put(ids.get(i), new double[] {layout.x[i] * unit, layout.y[i] * high});
    }
    return centres;
  }

  /** Returns the largest number of rows of text on any line. */
  private long rowsOfLabels(List<String> ids) {
    return picture.lines().stream()
        .filter(line -> ids.contains(line.a()) && ids.contains(line.b()))
        .mapToLong(
            line ->
                Stream.of(line.endA(), line.middle(), line.endB()).flatMap(String::lines).count())
        .max()
        .orElse(0);
  }

  /** Places boxes of different sizes in rows, within a width that depends on their total area. */
  private static Map<String, double[]> rows(Map<String, Box> sizes) {
    double area = sizes.values().stream().mapToDouble(box -> (box.w() + 90) * (box.h() + 70)).sum();
    double width = Math.max(760, Math.sqrt(area) * 1.6);
    Map<String, double[]> centres = new LinkedHashMap<>();
    double x = 0;
    double y = 0;
    double high = 0;
    for (String id : sizes.keySet()) {
      Box box = sizes.get(id);
      if (x > 0 && x + box.w() > width) {
        x = 0;
        y += high + 80;
        high = 0;
      }
      centres.put(id, new double[] {x + box.w() / 2, y + box.h() / 2});
      x += box.w() + 250; // room for the labels of both ends of a line
      high = Math.max(high, box.h());
    }
    return centres;
  }

  private static Box bounds(Map<String, Box> sizes, Map<String, double[]> centres) {
    double left = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    double top = Double.MAX_VALUE;
    double bottom = -Double.MAX_VALUE;
    for (Map.Entry<String, Box> entry : sizes.entrySet()) {
      double[] at = centres.get(entry.getKey());
      left = Math.min(left, at[0] - entry.getValue().w() / 2);
      right = Math.max(right, at[0] + entry.getValue().w() / 2);
      top = Math.min(top, at[1] - entry.getValue().h() / 2);
      bottom = Math.max(bottom, at[1] + entry.getValue().h() / 2);
    }
    return new Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top);
  }

  private static Box size(Vertex shape) {
    return new Box(0, 0, Math.max(58, width(shape.label(), 12) + 26), HEIGHT);
  }

  /** Estimates the width of a text in the widest of the requested fonts. */
  static double width(String text, double size) {
    double width = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      width += ".,:;/|()'il ".indexOf(c) >= 0 ? 0.4 : "mwMW%@".indexOf(c) >= 0 ? 0.98 : 0.64;
    }
    return width * size;
  }

  // ---- drawing

  private String wire(Wire wire) {
    Edge line = wire.line();
    String colour =
        line.condition() == Condition.DOWN
            ? DOWN
            : line.condition() == Condition.SHAPED ? SHAPED : PLAIN;
    String style =
        line.condition() == Condition.DOWN
            ? " stroke-dasharray=\"6 4\""
            : line.condition() == Condition.SHAPED ? " stroke-width=\"3\"" : "";
    return String.format(
            Locale.ROOT,
            "<path d=\"M%.1f %.1f Q%.1f %.1f %.1f %.1f\" fill=\"none\" stroke=\"%s\""
                + " stroke-width=\"1.6\"%s><title>%s</title></path>\n",
            wire.ax(),
            wire.ay(),
            wire.cx(),
            wire.cy(),
            wire.bx(),
            wire.by(),
            colour,
            style,
            escaped(line.detail()))
        .replace("stroke-width=\"1.6\" stroke-width", "stroke-width");
  }

  private void shape(Vertex shape) {
    Box box = boxes.get(shape.id());
    out.append("<g><title>").append(escaped(shape.detail())).append("</title>");
    out.append(form(shape.kind(), box));
    out.append(text(box.x(), box.y() + 4.2, 12, "middle", "#1c2733", "normal", shape.label()));
    out.append("</g>\n");
  }

  private static String form(Kind kind, Box box) {
    double l = box.x() - box.w() / 2;
    double t = box.y() - box.h() / 2;
    String fill = fill(kind);
    String stroke = stroke(kind);
    return switch (kind) {
      case HOST -> rect(l, t, box.w(), box.h(), 5, fill, stroke, "");
      case MACHINE -> rect(l, t, box.w(), box.h(), 0, fill, stroke, " stroke-width=\"3\"");
      case ROUTER -> rect(l, t, box.w(), box.h(), box.h() / 2, fill, stroke, "");
      case SWITCH ->
          String.format(
              Locale.ROOT,
              "<path d=\"M%.1f %.1f l10 %.1f h%.1f l10 %.1f l-10 %.1f h%.1f z\" fill=\"%s\""
                  + " stroke=\"%s\" stroke-width=\"1.6\"/>",
              l,
              box.y(),
              -box.h() / 2,
              box.w() - 20,
              box.h() / 2,
              box.h() / 2,
              20 - box.w(),
              fill,
              stroke);
    };
  }

  private void frame(String id, Box box) {
    double l = box.x() - box.w() / 2;
    double t = box.y() - box.h() / 2;
    out.append(rect(l, t, box.w(), box.h(), 10, "#f6f8fa", "#9aa7b4", " stroke-dasharray=\"5 4\""));
    String simple = id.substring(id.lastIndexOf('.') + 1);
    out.append(text(l + 12, t + 18, 11, "start", "#52606d", "bold", simple));
  }

  /** Returns the box of the name of a frame. */
  private static Box title(String id, Box frame) {
    double w = width(id.substring(id.lastIndexOf('.') + 1), 11);
    return new Box(frame.x() - frame.w() / 2 + 12 + w / 2, frame.y() - frame.h() / 2 + 14, w, 14);
  }

  private void legend(double x, double y) {
    double at = x;
    for (Kind kind : EnumSet.allOf(Kind.class)) {
      if (picture.shapes().stream().anyMatch(shape -> shape.kind() == kind)) {
        out.append(form(kind, new Box(at + 14, y - 4, 28, 13)));
        String name = kind.name().toLowerCase(Locale.ROOT);
        out.append(text(at + 34, y, 10, "start", "#52606d", "normal", name));
        at += 46 + width(name, 10);
      }
    }
    for (Condition condition : List.of(Condition.DOWN, Condition.SHAPED)) {
      if (picture.lines().stream().anyMatch(line -> line.condition() == condition)) {
        boolean down = condition == Condition.DOWN;
        out.append(
            String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %.1f h26\" stroke=\"%s\" stroke-width=\"2.4\"%s/>",
                at,
                y - 4,
                down ? DOWN : SHAPED,
                down ? " stroke-dasharray=\"6 4\"" : ""));
        out.append(text(at + 32, y, 10, "start", "#52606d", "normal", down ? "down" : "shaped"));
        at += 84;
      }
    }
  }

  private static String rect(
      double x, double y, double w, double h, double r, String fill, String stroke, String more) {
    return String.format(
        Locale.ROOT,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" fill=\"%s\""
            + " stroke=\"%s\"%s/>",
        x,
        y,
        w,
        h,
        r,
        fill,
        stroke,
        more.contains("stroke-width") ? more : " stroke-width=\"1.6\"" + more);
  }

  static String text(
      double x, double y, double size, String anchor, String fill, String weight, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" text-anchor=\"%s\" fill=\"%s\""
            + " font-weight=\"%s\">%s</text>\n",
        x,
        y,
        size,
        anchor,
        fill,
        weight,
        escaped(text));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
