// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.picture.Svg.Box;

/**
 * Places the labels of edges. A label is beside its edge, on the side with more room, or on the
 * edge. The label of an end is near that end, or further along if that place is taken. A label
 * never covers a vertex or another label, and covers another edge only if no better place exists. A
 * label without a place is left out.
 */
final class Labels {
  static final double SIZE = 9.5;
  static final double ROW = 12;

  /** The smallest distance between a label and a shape or another label. */
  private static final double GAP = 3;

  /** The distance within which a label might be read as that of a neighbouring edge. */
  private static final double AIR = 9;

  /** The distance within which lines and labels make a free side worse than an emptier side. */
  private static final double ROOM = 26;

  /** Prices of a place. The price rises by 1 for each pixel of distance to the preferred place. */
  private static final double ON_ANOTHER_LINE = 55;

  private static final double NEAR_ANOTHER_LINE = 14;
  private static final double NEAR_A_LABEL = 8;
  private static final double LESS_ROOM = 1.5;
  private static final double ACROSS_FROM_THE_OTHER_END = 10;
  private static final double END_ON_ITS_LINE = 14;
  private static final double MIDDLE_BESIDE_ITS_LINE = 9;
  private static final double ACROSS_A_FRAME = 30;
  private static final double STEP = 6;

  private final List<Wire> wires;
  private final List<Box> shapes;
  private final List<Box> frames;
  private final List<Box> taken = new ArrayList<>();
  private final Map<Wire, Integer> sides = new HashMap<>();
  private final StringBuilder out = new StringBuilder();

  /** A place for a label: the side of its line, whether the place covers a line, and its price. */
  private record Place(Box box, int side, boolean covers, double price) {}

  /** A label to be placed, and its position on the line: 0 or 1 for an end, 0.5 for the middle. */
  private record Label(String text, Wire wire, double end) {
    boolean isEnd() {
      return end != 0.5;
    }
  }

  Labels(Collection<Box> shapes, Collection<Box> frames, List<Wire> wires) {
    this.shapes = List.copyOf(shapes);
    this.frames = List.copyOf(frames);
    this.wires = wires;
  }

  /**
   * Places all labels: first those of the ends where most lines meet, last those of the middles,
   * which have most room.
   */
  String draw() {
    Map<Box, Integer> crowd = new HashMap<>();
    for (Wire wire : wires) {
      crowd.merge(wire.a(), 1, Integer::sum);
      crowd.merge(wire.b(), 1, Integer::sum);
    }
    List<Label> labels = new ArrayList<>();
    for (Wire wire : wires) {
      labels.add(new Label(wire.line().endA(), wire, 0));
      labels.add(new Label(wire.line().endB(), wire, 1));
    }
    labels.sort(
        Comparator.comparing(
            (Label label) -> -crowd.get(label.end == 0 ? label.wire.a() : label.wire.b())));
    for (Wire wire : wires) {
      labels.add(new Label(wire.line().middle(), wire, 0.5));
    }
    labels.stream().filter(label -> !label.text().isEmpty()).forEach(this::place);
    return out.toString();
  }

  /** Returns the boxes of the placed labels. */
  List<Box> taken() {
    return taken;
  }

  private void place(Label label) {
    List<String> rows = label.text().lines().toList();
    double w = rows.stream().mapToDouble(row -> Svg.width(row, SIZE)).max().orElse(0);
    double h = rows.size() * ROW;
    Place best = null;
    double[] home = label.wire().at(label.isEnd() ? start(label) : 0.5);
    for (double t : label.isEnd() ? near(label) : middle(label.wire())) {
      double[] on = label.wire().at(t);
      double away = Math.hypot(on[0] - home[0], on[1] - home[1]);
      if (best != null && away - w - h >= best.price()) {
        break; // no place further away is cheaper
      }
      for (int side = -1; side <= 1; side++) {
        double limit = best == null ? Double.MAX_VALUE : best.price();
        Place place = at(label, t, side, w, h, home, limit);
        if (place != null && place.price() < limit) {
          best = place;
        }
      }
    }
    if (best != null) {
      taken.add(best.box());
      if (label.isEnd()) {
        sides.put(label.wire(), best.side());
      }
      write(best, rows);
    }
  }

  private static double start(Label label) {
    return label.wire().border(label.end() == 0);
  }

  private static List<Double> middle(Wire wire) {
    List<Double> places = new ArrayList<>(List.of(0.5));
    double step = Math.max(0.01, STEP / wire.length());
    for (double t = step; t < 0.36; t += step) {
      places.add(0.5 - t);
      places.add(0.5 + t);
    }
    return places;
  }

  private static List<Double> near(Label label) {
    List<Double> places = new ArrayList<>();
    double step = Math.max(0.01, STEP / label.wire().length());
    double border = start(label);
    double way = label.end() == 0 ? 1 : -1;
    for (double t = 0; t < 0.42; t += step) {
      double at = border + way * t;
      if (Math.abs(at - label.end()) < 0.48) {
        places.add(at);
      }
    }
    return places;
  }

  /** Returns a place beside a line or, for side 0, on it; null if it is taken or too expensive. */
  private @Nullable Place at(
      Label label, double t, int side, double w, double h, double[] home, double limit) {
    double[] on = label.wire().at(t);
    double[] normal = label.wire().normal(t);
    double off = side * (Math.abs(normal[0]) * w / 2 + Math.abs(normal[1]) * h / 2 + 2);
    Box box = new Box(on[0] + off * normal[0], on[1] + off * normal[1], w, h);
    double price;
    if (label.isEnd()) {
      price = box.distance(home) + (side == 0 ? END_ON_ITS_LINE : 0);
      if (sides.getOrDefault(label.wire(), side) != side) {
        price += ACROSS_FROM_THE_OTHER_END; // keeps that side free for the label of the middle
      }
    } else {
      price = Math.hypot(on[0] - home[0], on[1] - home[1]);
      price += side == 0 ? 0 : MIDDLE_BESIDE_ITS_LINE;
    }
    if (price >= limit || isTaken(box)) {
      return null;
    }
    boolean covers = side == 0;
    for (Box frame : frames) {
      if (frame.meets(box) && !frame.holds(box)) {
        price += ACROSS_A_FRAME;
      }
    }
    Box airy = box.grown(AIR);
    Box roomy = box.grown(ROOM);
    for (Wire other : wires) {
      if (other == label.wire() && side == 0) {
        continue;
      }
      if (other.meets(box)) {
        covers = true;
        price += ON_ANOTHER_LINE;
      } else if (other != label.wire() && other.meets(airy)) {
        price += NEAR_ANOTHER_LINE;
      } else if (other != label.wire() && other.meets(roomy)) {
        price += LESS_ROOM;
      }
    }
    price += NEAR_A_LABEL * taken.stream().filter(airy::meets).count();
    price += LESS_ROOM * taken.stream().filter(roomy::meets).count();
    return new Place(box, side, covers, price);
  }

  private boolean isTaken(Box box) {
    Box wide = box.grown(GAP);
    for (Box shape : shapes) {
      if (wide.meets(shape)) {
        return true;
      }
    }
    Box wider = box.grown(2);
    for (Box label : taken) {
      if (wider.meets(label)) {
        return true;
      }
    }
    return false;
  }

  private void write(Place place, List<String> rows) {
    Box box = place.box();
    if (place.covers()) {
      out.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\""
                  + " fill=\"#ffffff\"/>",
              box.x() - box.w() / 2,
              box.y() - box.h() / 2,
              box.w(),
              box.h()));
    }
    for (int i = 0; i < rows.size(); i++) {
      double y = box.y() + 3.4 + ROW * (i - (rows.size() - 1) / 2.0);
      out.append(Svg.text(box.x(), y, SIZE, "middle", "#33414f", "normal", rows.get(i)));
    }
  }
}
