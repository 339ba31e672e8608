// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Computes the positions of the nodes of a graph, in units of the size of a node: a ring in a
 * circle, a star around its centre, a torus in a grid, trees and layered graphs in rows, any other
 * graph by springs and repulsion. The same graph always has the same layout.
 */
final class Layout {
  final double[] x;
  final double[] y;

  private final Graph graph;

  private Layout(Graph graph) {
    this.graph = graph;
    this.x = new double[graph.size];
    this.y = new double[graph.size];
  }

  static Layout of(Graph graph) {
    Layout layout = new Layout(graph);
    List<Integer> joined = graph.joined();
    if (!joined.isEmpty() && joined.size() < graph.size) {
      layout.apartFrom(joined, of(graph.part(joined)));
      return layout;
    }
    int columns = graph.torusColumns();
    int hub = graph.hub();
    if (graph.isRing()) {
      layout.circle(ring(graph));
    } else if (hub >= 0) {
      List<Integer> around = new ArrayList<>(graph.next.get(hub));
      layout.circle(around);
    } else if (columns > 0) {
      layout.grid(columns);
    } else if (graph.isTree()) {
      layout.tree();
    } else if (graph.layers().length > 0) {
      layout.layered(graph.layers());
    } else if (graph.edges.isEmpty()) {
      layout.grid((int) Math.ceil(Math.sqrt(graph.size)));
    } else {
      layout.springs();
    }
    return layout;
  }

  /** Places the nodes without edges in rows above the others. */
  private void apartFrom(List<Integer> joined, Layout rest) {
    for (int i = 0; i < joined.size(); i++) {
      x[joined.get(i)] = rest.x[i];
      y[joined.get(i)] = rest.y[i];
    }
    double left = Arrays.stream(rest.x).min().orElse(0);
    double top = Arrays.stream(rest.y).min().orElse(0);
    int alone = graph.size - joined.size();
    double wide = Math.max(Arrays.stream(rest.x).max().orElse(0) - left, Math.sqrt(alone));
    int columns = 1 + (int) wide;
    int placed = 0;
    for (int i = 0; i < graph.size; i++) {
      if (graph.degree(i) == 0) {
        x[i] = left + placed % columns;
        y[i] = top - 0.8 - 0.7 * (placed / columns);
        placed++;
      }
    }
  }

  private static List<Integer> ring(Graph graph) {
    List<Integer> order = new ArrayList<>(List.of(0));
    int before = -1;
    int at = 0;
    while (order.size() < graph.size) {
      int first = graph.next.get(at).first();
      int step = first == before ? graph.next.get(at).last() : first;
      before = at;
      at = step;
      order.add(at);
    }
    return order;
  }

  private void circle(List<Integer> order) {
    int n = order.size();
    double radius = Math.max(1.2, n * 1.15 / (2 * Math.PI));
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * i / n - Math.PI / 2;
      x[order.get(i)] = 1.15 * radius * Math.cos(angle);
      y[order.get(i)] = radius * Math.sin(angle);
    }
  }

  private void grid(int columns) {
    for (int i = 0; i < graph.size; i++) {
      x[i] = 1.25 * (i % columns);
      y[i] = 1.25 * (i / columns);
    }
  }

  private void tree() {
    int root = graph.centre();
    double[] room = {0};
    below(root, -1, 0, room);
  }

  /** Places leaves side by side, and each other node above the middle of its children. */
  private double below(int node, int parent, int depth, double[] room) {
    List<Double> children = new ArrayList<>();
    for (int child : graph.next.get(node)) {
      if (child != parent) {
        children.add(below(child, node, depth + 1, room));
      }
    }
    y[node] = 1.1 * depth;
    if (children.isEmpty()) {
      x[node] = room[0];
      room[0] += 0.85;
    } else {
      x[node] = (children.get(0) + children.get(children.size() - 1)) / 2;
    }
    return x[node];
  }

  /**
   * Places layers in rows, with the leaves at the bottom. Each row is sorted by barycentres so that
   * few lines cross.
   */
  private void layered(int[] layer) {
    int top = Arrays.stream(layer).max().orElse(0);
    List<List<Integer>> rows = new ArrayList<>();
    for (int i = 0; i <= top; i++) {
      rows.add(new ArrayList<>());
    }
    for (int i = 0; i < graph.size; i++) {
      rows.get(layer[i]).add(i);
    }
    int widest = rows.stream().mapToInt(List::size).max().orElse(1);
    rows.forEach(row -> spread(row, widest));
    for (int sweep = 0; sweep < 8; sweep++) {
      for (int i = 0; i <= top; i++) {
        int row = sweep % 2 == 0 ? i : top - i;
        List<Integer> order = rows.get(row);
        order.sort(Comparator.comparingDouble(this::barycentre).thenComparing(node -> node));
        spread(order, widest);
      }
    }
    for (int i = 0; i < graph.size; i++) {
      y[i] = (top - layer[i]) * (1.2 + widest / 12.0);
    }
  }

  private double barycentre(int node) {
    return graph.next.get(node).stream().mapToDouble(other -> x[other]).average().orElse(x[node]);
  }

  private void spread(List<Integer> row, int widest) {
    double width = 0.85 * widest;
    for (int i = 0; i < row.size(); i++) {
      x[row.get(i)] = width * (i + 0.5) / row.size();
    }
  }

  /**
   * Places nodes by the method of Fruchterman and Reingold (1991), which starts from a circle. Then
   * enlarges the layout, by at most 1.6, to separate the nearest nodes.
   */
  private void springs() {
    int n = graph.size;
    Random random = new Random(n);
    for (int i = 0; i < n; i++) {
      x[i] = Math.sqrt(n) * Math.cos(2 * Math.PI * i / n) + random.nextDouble() * 0.1;
      y[i] = Math.sqrt(n) * Math.sin(2 * Math.PI * i / n) + random.nextDouble() * 0.1;
    }
    double ideal = 1.5;
    int rounds = Math.max(60, Math.min(500, 4_000_000 / (n * n)));
    for (int round = 0; round < rounds; round++) {
      step(ideal, ideal * Math.sqrt(n) * 0.3 * (1 - (double) round / rounds));
    }
    apart();
  }

  private void step(double ideal, double most) {
    int n = graph.size;
    double[] dx = new double[n];
    double[] dy = new double[n];
    for (int i = 0; i < n; i++) {
      dx[i] -= x[i] * 0.12;
      dy[i] -= y[i] * 0.12;
      for (int j = i + 1; j < n; j++) {
        push(i, j, ideal * ideal, -2, dx, dy);
      }
    }
    for (int[] edge : graph.edges) {
      push(edge[0], edge[1], -1 / ideal, 1, dx, dy);
    }
    for (int i = 0; i < n; i++) {
      double length = Math.max(1e-9, Math.hypot(dx[i], dy[i]));
      double move = Math.min(length, most);
      x[i] += dx[i] / length * move;
      y[i] += dy[i] / length * move;
    }
  }

  private void push(int i, int j, double force, int power, double[] dx, double[] dy) {
    double distance = Math.max(0.05, Math.hypot(x[i] - x[j], y[i] - y[j]));
    double strength = force * (power < 0 ? 1 / (distance * distance) : distance);
    double px = (x[i] - x[j]) * strength;
    double py = (y[i] - y[j]) * strength;
    dx[i] += px;
    dy[i] += py;
    dx[j] -= px;
    dy[j] -= py;
  }

  private void apart() {
    double nearest = Double.MAX_VALUE;
    for (int i = 0; i < graph.size; i++) {
      for (int j = i + 1; j < graph.size; j++) {
        nearest = Math.min(nearest, Math.hypot(x[i] - x[j], y[i] - y[j]));
      }
    }
    double scale = Math.max(1, Math.min(1.6, 1.0 / nearest));
    for (int i = 0; i < graph.size; i++) {
      x[i] *= scale;
      y[i] *= scale;
    }
  }
}
