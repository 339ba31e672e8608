// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.OptionalInt;
import org.vnet4j.net.Names;

/**
 * A snapshot of a jail. {@link #toString()} reads like {@code jls -v}.
 *
 * @param jid its jid
 * @param name its full name, including the names of its parents
 * @param hostname its hostname, empty if it has none of its own
 * @param path its root directory
 * @param dying true if it was removed but the kernel still holds a reference to it
 * @param cpuset its CPU set, empty if the kernel has no CPU sets
 * @param persist whether it remains without a process in it
 * @param childrenCur number of jails below it, at all depths
 * @param childrenMax largest number of jails below it
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
      String.join(
          "\n",
          "   JID  Hostname                      Path",
          "        Name                          State",
          "        CPUSetID",
          "        IP Address(es)");

  /**
   * Returns the jail as {@code jls -v} prints it. A jail with a network stack of its own has no IP
   * address lines.
   *
   * @return three lines without a newline at the end
   */
  @Override
  public String toString() {
    return String.format("%6d  %-29.29s %s", jid, Names.visible(hostname), Names.visible(path))
        + String.format("\n        %-29.29s %s", Names.visible(name), dying ? "DYING" : "ACTIVE")
        + String.format("\n        %s", cpuset.isPresent() ? cpuset.getAsInt() : "-");
  }
}
