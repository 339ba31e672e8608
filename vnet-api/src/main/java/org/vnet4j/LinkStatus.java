// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

/** What ifconfig(8) prints as the status of an interface. */
public enum LinkStatus {
  /** There is a carrier. */
  ACTIVE("active"),
  /** There is none. */
  NO_CARRIER("no carrier"),
  /** The interface does not report it. */
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
