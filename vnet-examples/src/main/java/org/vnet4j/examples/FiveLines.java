// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import org.vnet4j.Vnet;
import org.vnet4j.topology.Network;
import org.vnet4j.topology.Topologies;

/** A laboratory in five lines: three routers in a ring that ping one another. */
public final class FiveLines {
  private FiveLines() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String... args) {
    try (Vnet vnet = Vnet.sandbox()) {
      Network lab = Topologies.ring("lab", 3).addressed("10.0.0.0/24").routed().apply(vnet);
      System.out.println(lab.pingAll());
    }
  }
}
