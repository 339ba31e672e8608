// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.List;

/**
 * The ports of one endpoint of a rule.
 *
 * @param negated true to match every other port
 * @param ranges the ports, at least one range
 */
public record Ports(boolean negated, List<NumberRange> ranges) {

  /** Copies the list and checks that it is not empty. */
  public Ports {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("no ports");
    }
  }

  /**
   * Returns ipfw's words.
   *
   * @return for example {@code 22,80-90} or {@code not 53}
   */
  @Override
  public String toString() {
    return (negated ? "not " : "") + NumberRange.text(ranges);
  }
}
