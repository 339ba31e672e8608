// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Draws the medians on logarithmic scales. */
final class Plots {
  private static final String GREY = "#d0d7de";
  private static final String TEXT = "#57606a";
  private static final int WIDTH = 860;
  private static final int LEFT = 190;
  private static final int RIGHT = 30;
  private static final int TOP = 84;

  private final Samples samples;
  private final List<String> contenders = new ArrayList<>();

  Plots(Samples samples, List<Contender> contenders) {
    this.samples = samples;
    this.contenders.add(Samples.OURS);
    contenders.forEach(one -> this.contenders.add(one.name()));
  }

  /** A scale of powers of ten between two pixels. */
  private record Scale(double low, double high, double from, double to) {
    static Scale around(List<Double> values, double from, double to) {
      double low = values.stream().mapToDouble(Math::log10).min().orElse(0);
      double high = values.stream().mapToDouble(Math::log10).max().orElse(1);
      return new Scale(Math.floor(low), Math.max(Math.ceil(high), Math.floor(low) + 1), from, to);
    }

    double at(double value) {
      return from + (Math.log10(value) - low) / (high - low) * (to - from);
    }

    List<Double> powers() {
      List<Double> powers = new ArrayList<>();
      for (int power = (int) low; power <= high; power++) {
        powers.add(Math.pow(10, power));
      }
      return powers;
    }
  }

  private OptionalDouble median(Operation operation, String contender) {
    return samples
        .interval(operation, contender)
        .map(one -> OptionalDouble.of(one.median()))
        .orElse(OptionalDouble.empty());
  }

  private List<Double> medians(List<Operation> operations) {
    return operations.stream()
        .flatMap(one -> contenders.stream().map(by -> median(one, by)))
        .filter(OptionalDouble::isPresent)
        .map(OptionalDouble::getAsDouble)
        .toList();
  }

  private void legend(PlotSvg svg) {
    double x = LEFT;
    for (int i = 0; i < contenders.size(); i++) {
      svg.mark(x, 49, i);
      svg.text(x + 11, 54, "start", PlotSvg.colour(i), 13, contenders.get(i));
      x += 34 + 8.2 * contenders.get(i).length();
    }
  }

  /** Draws one row for each operation, with one symbol for each contender: left is faster. */
  String perOperation() {
    List<Operation> operations =
        samples.operations().stream()
            .filter(one -> !one.isPartOfStar() && !one.cold())
            .filter(one -> one.size() == 0 || one.name().equals("listInterfaces"))
            .filter(one -> !one.equals(Operation.HEAP) && !one.equals(Operation.DESCRIPTORS))
            .toList();
    int height = TOP + operations.size() * 30 + 64;
    PlotSvg svg = new PlotSvg(WIDTH, height, "Time per operation (further left is faster)");
    legend(svg);
    Scale x = Scale.around(medians(operations), LEFT, WIDTH - RIGHT);
    int bottom = height - 60;
    for (double power : x.powers()) {
      svg.rule(x.at(power), TOP - 14, x.at(power), bottom, GREY, 1);
      svg.text(x.at(power), bottom + 20, "middle", TEXT, 12, label(power));
    }
    double middle = (LEFT + WIDTH - RIGHT) / 2.0;
    svg.text(middle, height - 16, "middle", TEXT, 12, "time for one operation, logarithmic");
    double y = TOP + 6;
    for (Operation operation : operations) {
      svg.text(LEFT - 14, y + 4, "end", "#1f2328", 13, operation.toString());
      svg.rule(LEFT, y, WIDTH - RIGHT, y, "#eaeef2", 1);
      for (int i = contenders.size() - 1; i >= 0; i--) {
        OptionalDouble median = median(operation, contenders.get(i));
        if (median.isPresent()) {
          svg.mark(x.at(median.getAsDouble()), y, i);
        }
      }
      y += 30;
    }
    return svg.end();
  }

  private static String label(double ns) {
    return ResultTable.time(ns).replace(".00", "").replace(".0", "");
  }

  /** Draws a line for each contender, which shows how the time grows with the size. */
  String bySize(String name, String title) {
    List<Operation> operations =
        samples.operations().stream()
            .filter(one -> one.name().equals(name) && !one.cold())
            .toList();
    int height = 420;
    PlotSvg svg = new PlotSvg(WIDTH, height, title);
    legend(svg);
    int left = 110;
    Scale x = new Scale(1, 3, left + 40, WIDTH - RIGHT - 40);
    Scale y = Scale.around(medians(operations), height - 60, TOP);
    for (double power : y.powers()) {
      svg.rule(left, y.at(power), WIDTH - RIGHT, y.at(power), GREY, 1);
      svg.text(left - 12, y.at(power) + 4, "end", TEXT, 12, label(power));
    }
    for (Operation operation : operations) {
      double at = x.at(operation.size());
      svg.text(at, height - 34, "middle", TEXT, 12, Integer.toString(operation.size()));
    }
    String what = name.startsWith("star") ? "jails" : "interfaces";
    String axes = "number of " + what + " (across) and time (up), both logarithmic";
    svg.text((left + WIDTH - RIGHT) / 2.0, height - 12, "middle", TEXT, 12, axes);
    for (int i = contenders.size() - 1; i >= 0; i--) {
      line(svg, operations, i, x, y);
    }
    return svg.end();
  }

  private void line(PlotSvg svg, List<Operation> operations, int contender, Scale x, Scale y) {
    double lastX = 0;
    double lastY = 0;
    for (Operation operation : operations) {
      OptionalDouble median = median(operation, contenders.get(contender));
      if (median.isEmpty()) {
        continue;
      }
      double atX = x.at(operation.size());
      double atY = y.at(median.getAsDouble());
      if (lastX > 0) {
        svg.rule(lastX, lastY, atX, atY, PlotSvg.colour(contender), contender == 0 ? 2.5 : 1.5);
      }
      svg.mark(atX, atY, contender);
      lastX = atX;
      lastY = atY;
    }
  }
}
