// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** A graph of numbered nodes and their neighbours; recognizes well-known shapes. */
final class Graph {
  final int size;
  final List<TreeSet<Integer>> next = new ArrayList<>();
  final List<int[]> edges = new ArrayList<>();

  Graph(int size) {
    this.size = size;
    for (int i = 0; i < size; i++) {
      next.add(new TreeSet<>());
    }
  }

  void join(int a, int b) {
    if (a != b && next.get(a).add(b)) {
      next.get(b).add(a);
      edges.add(new int[] {a, b});
    }
  }

  /** Returns the nodes that have a neighbour. */
  List<Integer> joined() {
    return IntStream.range(0, size).filter(node -> degree(node) > 0).boxed().toList();
  }

  /** Returns the subgraph of the given nodes, numbered in their order. */
  Graph part(List<Integer> nodes) {
    Graph part = new Graph(nodes.size());
    for (int[] edge : edges) {
      int a = nodes.indexOf(edge[0]);
      int b = nodes.indexOf(edge[1]);
      if (a >= 0 && b >= 0) {
        part.join(a, b);
      }
    }
    return part;
  }

  int degree(int node) {
    return next.get(node).size();
  }

  boolean isConnected() {
    return size > 0 && Arrays.stream(distances(new int[] {0})).allMatch(d -> d >= 0);
  }

  boolean isRing() {
    return size > 2 && isConnected() && next.stream().allMatch(n -> n.size() == 2);
  }

  boolean isTree() {
    return edges.size() == size - 1 && isConnected();
  }

  /** Returns the node that is the only neighbour of all others, or -1. */
  int hub() {
    for (int i = 0; i < size; i++) {
      if (degree(i) == size - 1 && edges.size() == size - 1 && size > 3) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the number of columns if the graph is a torus numbered row by row, otherwise 0. */
  int torusColumns() {
    for (int columns = 3; columns <= size / 3; columns++) {
      if (size % columns == 0 && edges.size() == 2 * size && isTorus(columns)) {
        return columns;
      }
    }
    return 0;
  }

  private boolean isTorus(int columns) {
    int rows = size / columns;
    for (int i = 0; i < size; i++) {
      int row = i / columns;
      int column = i % columns;
      if (!next.get(i).contains(row * columns + (column + 1) % columns)
          || !next.get(i).contains((row + 1) % rows * columns + column)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the distance of each node to the nearest of the given nodes, -1 if none is connected.
   */
  int[] distances(int[] from) {
    int[] distance = new int[size];
    Arrays.fill(distance, -1);
    List<Integer> queue = new ArrayList<>();
    for (int node : from) {
      distance[node] = 0;
      queue.add(node);
    }
    for (int i = 0; i < queue.size(); i++) {
      for (int other : next.get(queue.get(i))) {
        if (distance[other] < 0) {
          distance[other] = distance[queue.get(i)] + 1;
          queue.add(other);
        }
      }
    }
    return distance;
  }

  /**
   * Returns the layer of each node, counted from the leaves; empty unless every line joins two
   * neighbouring layers.
   */
  int[] layers() {
    int[] leaves = IntStream.range(0, size).filter(i -> degree(i) == 1).toArray();
    int[] layer = leaves.length == 0 ? new int[0] : distances(leaves);
    if (Arrays.stream(layer).anyMatch(distance -> distance < 0)) {
      return new int[0];
    }
    for (int[] edge : edges) {
      if (layer.length == 0 || Math.abs(layer[edge[0]] - layer[edge[1]]) != 1) {
        return new int[0];
      }
    }
    return layer;
  }

  /** Returns the node with the smallest distance to its farthest node. */
  int centre() {
    int best = 0;
    int radius = Integer.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      int mine = Arrays.stream(distances(new int[] {i})).max().orElse(0);
      if (mine < radius) {
        radius = mine;
        best = i;
      }
    }
    return best;
  }
}
