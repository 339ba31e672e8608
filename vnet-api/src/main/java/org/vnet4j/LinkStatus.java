// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

/** The link status of an interface, as ifconfig(8) prints it. */
public enum LinkStatus {
  /** There is a carrier. */
  ACTIVE("active"),
  /** There is no carrier. */
  NO_CARRIER("no carrier"),
  /** The interface does not report its status. */
  UNKNOWN("unknown");

  private final String text;

  LinkStatus(String text) {
    this.text = text;
  }

  /**
   * Returns the words of ifconfig(8).
   *
   * @return such as {@code no carrier}
   */
  @Override
  public String toString() {
    return text;
  }
}
