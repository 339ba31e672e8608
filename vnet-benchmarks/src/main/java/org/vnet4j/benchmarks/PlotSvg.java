// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.Locale;

/** Builds an SVG drawing, on white, so that it can be read on any page. */
final class PlotSvg {
  private static final String[] COLOURS = {
    "#d1242f", "#1f2328", "#0969da", "#54aeff", "#8250df", "#1a7f37", "#9a6700"
  };

  private final StringBuilder out = new StringBuilder();

  PlotSvg(int width, int height, String title) {
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
            + " font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"13\">",
        width, height, width, height);
    line("<title>%s</title>", title);
    line("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
    text(width / 2.0, 26, "middle", "#1f2328", 16, title);
  }

  /** Returns the colour of a contender; the library has the first. */
  static String colour(int contender) {
    return COLOURS[contender % COLOURS.length];
  }

  private void line(String form, Object... values) {
    out.append(String.format(Locale.ROOT, form, values)).append('\n');
  }

  void text(double x, double y, String anchor, String colour, int size, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    line(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>",
        x, y, anchor, colour, size, escaped);
  }

  void rule(double x1, double y1, double x2, double y2, String colour, double width) {
    line(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
            + " stroke-width=\"%.1f\"/>",
        x1, y1, x2, y2, colour, width);
  }

  /** Draws the symbol of a contender; the library's is larger. */
  void mark(double x, double y, int contender) {
    if (contender == 0) {
      line("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"%s\"/>", x, y, colour(contender));
    } else {
      line(
          "<rect x=\"%.1f\" y=\"%.1f\" width=\"9\" height=\"9\" fill=\"%s\""
              + " fill-opacity=\"0.85\"/>",
          x - 4.5, y - 4.5, colour(contender));
    }
  }

  String end() {
    return out.append("</svg>\n").toString();
  }
}
