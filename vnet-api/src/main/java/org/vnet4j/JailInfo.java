// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.OptionalInt;

/**
 * What a kernel said about a jail at one moment. {@link #toString()} reads like {@code jls -v}.
 *
 * @param jid its number
 * @param name its full name, with those of its parents
 * @param hostname its hostname, empty if it has none of its own
 * @param path its root directory
 * @param dying true if it was removed but something still holds it
 * @param cpuset its CPU set, empty where the kernel has no such thing
 * @param persist whether it stays without a process in it
 * @param childrenCur how many jails are in it, at all depths
 * @param childrenMax how many jails may be in it
 */
public record JailInfo(
    int jid,
    String name,
    String hostname,
    String path,
    boolean dying,
    OptionalInt cpuset,
    boolean persist,
    int childrenCur,
    int childrenMax) {

  /** The heading over the lines of {@link #toString()}, as {@code jls -v} prints it. */
  public static final String HEADING =
      """
         JID  Hostname                      Path
              Name                          State
              CPUSetID
              IP Address(es)""";

  /**
   * Returns what {@code jls -v} prints about the jail. A jail with a stack of its own has no IP
   * address lines there.
   *
   * @return three lines without a newline at the end
   */
  @Override
  public String toString() {
    return String.format("%6d  %-29.29s %s", jid, hostname, path)
        + String.format("%n        %-29.29s %s", name, dying ? "DYING" : "ACTIVE")
        + String.format("%n        %s", cpuset.isPresent() ? cpuset.getAsInt() : "-");
  }
}
