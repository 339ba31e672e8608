// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.Map;
import org.vnet4j.picture.Picture.Line;
import org.vnet4j.picture.Svg.Box;

/** A line as it is drawn: a curve between two centres, straight unless it would hide something. */
record Wire(
    Line line, Box a, Box b, double ax, double ay, double cx, double cy, double bx, double by) {

  static Wire of(Line line, Box a, Box b, int number, Map<String, Box> boxes) {
    double bend = number == 0 ? 0 : (number % 2 == 0 ? -1 : 1) * 46 * ((number + 1) / 2);
    if (bend == 0 && isHidden(a, b, boxes)) {
      bend = 0.18 * Math.hypot(b.x() - a.x(), b.y() - a.y());
    }
    double length = Math.max(1, Math.hypot(b.x() - a.x(), b.y() - a.y()));
    double cx = (a.x() + b.x()) / 2 + bend * 2 * (b.y() - a.y()) / length;
    double cy = (a.y() + b.y()) / 2 - bend * 2 * (b.x() - a.x()) / length;
    return new Wire(line, a, b, a.x(), a.y(), cx, cy, b.x(), b.y());
  }

  /** Tells whether a straight line would run through another shape. */
  private static boolean isHidden(Box a, Box b, Map<String, Box> boxes) {
    for (Box box : boxes.values()) {
      if (box != a && box != b) {
        for (int i = 1; i < 40; i++) {
          double x = a.x() + (b.x() - a.x()) * i / 40;
          double y = a.y() + (b.y() - a.y()) * i / 40;
          if (new Box(x, y, 4, 4).meets(box)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Returns the point at a share of the way. */
  double[] at(double t) {
    double u = 1 - t;
    return new double[] {
      u * u * ax + 2 * u * t * cx + t * t * bx, u * u * ay + 2 * u * t * cy + t * t * by
    };
  }

  /** Returns places near one end, just outside its shape and further away. */
  double[] near(boolean first) {
    Box box = first ? a : b;
    double border = 0;
    for (double t = 0.01; t < 0.5; t += 0.01) {
      double[] point = at(first ? t : 1 - t);
      border = t;
      if (!new Box(point[0], point[1], 8, 12).meets(box)) {
        break;
      }
    }
    double[] places = new double[7];
    for (int i = 0; i < places.length; i++) {
      double t = Math.min(0.48, border + 0.035 * i);
      places[i] = first ? t : 1 - t;
    }
    return places;
  }
}
