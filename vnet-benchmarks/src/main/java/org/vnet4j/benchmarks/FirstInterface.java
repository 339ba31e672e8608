// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import org.vnet4j.Vnet;

/** Opens a sandbox and prints its first interface: the start-up time of a short program. */
public final class FirstInterface {
  private FirstInterface() {}

  /**
   * Prints the interface.
   *
   * @param args none
   */
  public static void main(String[] args) {
    try (Vnet vnet = Vnet.sandbox()) {
      System.out.println(vnet.host().ifconfig().get(0));
    }
  }
}
