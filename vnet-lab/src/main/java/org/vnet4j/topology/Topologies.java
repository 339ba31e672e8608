// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Creates topologies of well-known shapes. They have no addresses and no routes; to add both:
 * {@code Topologies.ring("lab", 6).addressed("10.0.0.0/16").routed()}.
 */
public final class Topologies {
  private Topologies() {}

  /**
   * Creates routers in a row: {@code r1} to {@code rN}.
   *
   * @param name the name of the topology
   * @param routers the number of routers, 2 or more
   * @return the topology
   */
  public static Topology line(String name, int routers) {
    atLeast(2, "routers of a line", routers);
    Topology.Builder builder = Topology.named(name);
    for (int i = 1; i <= routers; i++) {
      builder.routers("r" + i);
    }
    for (int i = 1; i < routers; i++) {
      builder.link("r" + i, "r" + (i + 1));
    }
    return builder.build();
  }

  /**
   * Creates routers in a ring: {@code r1} to {@code rN}.
   *
   * @param name the name of the topology
   * @param routers the number of routers, 3 or more
   * @return the topology
   */
  public static Topology ring(String name, int routers) {
    atLeast(3, "routers of a ring", routers);
    Topology line = line(name, routers);
    Topology.Builder builder = Topology.named(name);
    line.nodes().forEach(builder::node);
    line.links().forEach(builder::link);
    return builder.link("r" + routers, "r1").build();
  }

  /**
   * Creates hosts {@code h1} to {@code hN} around a switch {@code sw}.
   *
   * @param name the name of the topology
   * @param hosts the number of hosts, 1 or more
   * @return the topology
   */
  public static Topology star(String name, int hosts) {
    atLeast(1, "hosts of a star", hosts);
    Topology.Builder builder = Topology.named(name).switches("sw");
    for (int i = 1; i <= hosts; i++) {
      builder.hosts("h" + i).link("sw", "h" + i);
    }
    return builder.build();
  }

  /**
   * Creates a tree of routers, {@code r1} at the top, with hosts as its leaves.
   *
   * @param name the name of the topology
   * @param depth the number of layers of routers, 1 or more
   * @param fanout the number of nodes below each router, 1 or more
   * @return the topology
   */
  public static Topology tree(String name, int depth, int fanout) {
    atLeast(1, "depth of a tree", depth);
    atLeast(1, "fanout of a tree", fanout);
    Topology.Builder builder = Topology.named(name).routers("r1");
    int firstAbove = 1;
    int next = 2;
    for (int layer = 1; layer < depth; layer++) {
      int above = next;
      for (int parent = firstAbove; parent < above; parent++) {
        for (int i = 0; i < fanout; i++) {
          builder.routers("r" + next).link("r" + parent, "r" + next);
          next++;
        }
      }
      firstAbove = above;
    }
    int host = 1;
    for (int parent = firstAbove; parent < next; parent++) {
      for (int i = 0; i < fanout; i++) {
        builder.hosts("h" + host).link("r" + parent, "h" + host);
        host++;
      }
    }
    return builder.build();
  }

  /**
   * Creates a grid of routers whose rows and columns are rings: {@code r1-1} to {@code rR-C}.
   *
   * @param name the name of the topology
   * @param rows the number of rows, 3 or more
   * @param columns the number of columns, 3 or more
   * @return the topology
   */
  public static Topology torus(String name, int rows, int columns) {
    atLeast(3, "rows of a torus", rows);
    atLeast(3, "columns of a torus", columns);
    Topology.Builder builder = Topology.named(name);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        builder.routers(at(row, column));
        builder.link(at(row, column), at(row, (column + 1) % columns));
        builder.link(at(row, column), at((row + 1) % rows, column));
      }
    }
    return builder.build();
  }

  private static String at(int row, int column) {
    return "r" + (row + 1) + "-" + (column + 1);
  }

  /**
   * Creates a fat tree of routers with hosts below: k pods of k/2 edge and k/2 aggregation routers,
   * (k/2)² cores, k/2 hosts at each edge. See Al-Fares et al., A Scalable, Commodity Data Center
   * Network Architecture (2008).
   *
   * @param name the name of the topology
   * @param k the number of ports of each router, even, 2 or more: 4 makes 36 nodes, 6 makes 99, 8
   *     makes 208
   * @return the topology
   */
  public static Topology fatTree(String name, int k) {
    return fatTree(name, k, k / 2);
  }

  /**
   * Creates a fat tree with another number of hosts.
   *
   * @param name the name of the topology
   * @param k the number of ports of each router towards other routers, even, 2 or more
   * @param hosts the number of hosts at each edge router, 1 or more
   * @return the topology
   */
  public static Topology fatTree(String name, int k, int hosts) {
    atLeast(2, "k of a fat tree", k);
    atLeast(1, "hosts of an edge", hosts);
    if (k % 2 != 0) {
      throw new IllegalArgumentException("k of a fat tree: " + k + " is not even");
    }
    int half = k / 2;
    Topology.Builder builder = Topology.named(name);
    for (int core = 1; core <= half * half; core++) {
      builder.routers("c" + core);
    }
    for (int pod = 1; pod <= k; pod++) {
      for (int i = 1; i <= half; i++) {
        String aggregation = "p" + pod + "a" + i;
        builder.routers(aggregation);
        for (int j = 1; j <= half; j++) {
          builder.link("c" + ((i - 1) * half + j), aggregation);
        }
      }
      for (int i = 1; i <= half; i++) {
        edge(builder, pod, i, half, hosts);
      }
    }
    return builder.build();
  }

  private static void edge(Topology.Builder builder, int pod, int number, int half, int hosts) {
    String edge = "p" + pod + "e" + number;
    builder.routers(edge);
    for (int i = 1; i <= half; i++) {
      builder.link("p" + pod + "a" + i, edge);
    }
    for (int i = 1; i <= hosts; i++) {
      builder.hosts(edge + "h" + i).link(edge, edge + "h" + i);
    }
  }

  /**
   * Creates a random connected network of routers {@code r1} to {@code rN}: a random tree, and
   * further random links.
   *
   * @param name the name of the topology
   * @param routers the number of routers, 2 or more
   * @param links the number of links, from {@code routers - 1} to a link between every two routers
   * @param seed the seed; the same seed creates the same network
   * @return the topology
   */
  public static Topology random(String name, int routers, int links, long seed) {
    atLeast(2, "routers", routers);
    long most = (long) routers * (routers - 1) / 2;
    if (links < routers - 1 || links > most) {
      throw new IllegalArgumentException(
          "links of "
              + routers
              + " routers: "
              + links
              + " is not in "
              + (routers - 1)
              + ".."
              + most);
    }
    RandomGenerator random = new Random(seed);
    Topology.Builder builder = Topology.named(name).routers("r1");
    Set<Long> joined = new HashSet<>();
    for (int i = 2; i <= routers; i++) {
      int other = 1 + random.nextInt(i - 1);
      joined.add((long) other << 32 | i);
      builder.routers("r" + i).link("r" + other, "r" + i);
    }
    while (joined.size() < links) {
      int one = 1 + random.nextInt(routers);
      int other = 1 + random.nextInt(routers);
      if (one < other && joined.add((long) one << 32 | other)) {
        builder.link("r" + one, "r" + other);
      }
    }
    return builder.build();
  }

  private static void atLeast(int least, String what, int number) {
    if (number < least) {
      throw new IllegalArgumentException(what + ": " + number + " is less than " + least);
    }
  }
}
