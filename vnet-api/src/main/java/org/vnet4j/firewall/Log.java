// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

/**
 * The logging of matching packets.
 *
 * @param amount largest number of packets to log, 0 for no limit
 */
public record Log(int amount) {
  /** Checks the amount. */
  public Log {
    if (amount < 0) {
      throw new IllegalArgumentException("logamount " + amount + " is negative");
    }
  }

  /**
   * Returns ipfw's words.
   *
   * @return {@code log} or {@code log logamount 100}
   */
  @Override
  public String toString() {
    return amount == 0 ? "log" : "log logamount " + amount;
  }
}
