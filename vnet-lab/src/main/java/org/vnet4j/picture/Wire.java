// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.Map;
import org.vnet4j.picture.Picture.Edge;
import org.vnet4j.picture.Svg.Box;

/**
 * The drawing of an edge: a curve between two centres, straight unless it would hide a vertex. An
 * edge from a vertex to itself is a loop below or above it.
 */
record Wire(
    Edge line, Box a, Box b, double ax, double ay, double cx, double cy, double bx, double by) {

  /**
   * The possible bends of a line, as shares of its length. The first bend that avoids all other
   * shapes is used.
   */
  private static final double[] BENDS = {0, 0.18, -0.18, 0.3, -0.3};

  /** How far a loop reaches beyond its vertex; the next loop of the same vertex, once more. */
  private static final double LOOP = 34;

  static Wire of(Edge line, Box a, Box b, int number, Map<String, Box> boxes) {
    if (a == b) {
      Wire below = loop(line, a, number + 1);
      return below.isHidden(boxes) ? loop(line, a, -number - 1) : below;
    }
    if (number > 0) {
      return bent(line, a, b, (number % 2 == 0 ? -1 : 1) * 46 * ((number + 1) / 2));
    }
    double length = Math.hypot(b.x() - a.x(), b.y() - a.y());
    for (double bend : BENDS) {
      Wire wire = bent(line, a, b, bend * length);
      if (!wire.isHidden(boxes)) {
        return wire;
      }
    }
    return bent(line, a, b, BENDS[1] * length);
  }

  private static Wire bent(Edge line, Box a, Box b, double bend) {
    double length = Math.max(1, Math.hypot(b.x() - a.x(), b.y() - a.y()));
    double cx = (a.x() + b.x()) / 2 + bend * 2 * (b.y() - a.y()) / length;
    double cy = (a.y() + b.y()) / 2 - bend * 2 * (b.x() - a.x()) / length;
    return new Wire(line, a, b, a.x(), a.y(), cx, cy, b.x(), b.y());
  }

  private static Wire loop(Edge line, Box box, int number) {
    double side = box.w() * 0.45;
    double reach = Math.copySign(box.h(), number) + 2 * LOOP * number;
    return new Wire(
        line, box, box, box.x() - side, box.y(), box.x(), box.y() + reach, box.x() + side, box.y());
  }

  /** Returns whether the line crosses another shape. */
  private boolean isHidden(Map<String, Box> boxes) {
    for (Box box : boxes.values()) {
      if (box != a && box != b) {
        for (int i = 1; i < 40; i++) {
          double[] point = at(i / 40.0);
          if (new Box(point[0], point[1], 4, 4).meets(box)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Returns the point at a share of the length. */
  double[] at(double t) {
    double u = 1 - t;
    return new double[] {
      u * u * ax + 2 * u * t * cx + t * t * bx, u * u * ay + 2 * u * t * cy + t * t * by
    };
  }

  /** Returns the unit vector perpendicular to the line at a share of its length. */
  double[] normal(double t) {
    double dx = (1 - t) * (cx - ax) + t * (bx - cx);
    double dy = (1 - t) * (cy - ay) + t * (by - cy);
    double length = Math.max(1e-9, Math.hypot(dx, dy));
    return new double[] {-dy / length, dx / length};
  }

  /** Returns the approximate length of the line. */
  double length() {
    double[] middle = at(0.5);
    return Math.max(
        1, Math.hypot(middle[0] - ax, middle[1] - ay) + Math.hypot(bx - middle[0], by - middle[1]));
  }

  /** Returns the share of the length at which the line leaves the shape of one end. */
  double border(boolean first) {
    Box box = first ? a : b;
    double t = 0.005;
    while (t < 0.5) {
      double[] point = at(first ? t : 1 - t);
      if (!new Box(point[0], point[1], 2, 2).meets(box)) {
        break;
      }
      t += 0.005;
    }
    return first ? t : 1 - t;
  }

  /** Returns whether the line crosses a box. */
  boolean meets(Box box) {
    double left = Math.min(ax, Math.min(bx, cx));
    double right = Math.max(ax, Math.max(bx, cx));
    double top = Math.min(ay, Math.min(by, cy));
    double bottom = Math.max(ay, Math.max(by, cy));
    Box around = new Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top);
    if (!around.grown(1).meets(box)) {
      return false;
    }
    int pieces = isStraight() ? 1 : 16;
    double[] from = {ax, ay};
    for (int i = 1; i <= pieces; i++) {
      double[] to = at((double) i / pieces);
      if (box.isCrossed(from, to)) {
        return true;
      }
      from = to;
    }
    return false;
  }

  private boolean isStraight() {
    return Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) < 1;
  }
}
