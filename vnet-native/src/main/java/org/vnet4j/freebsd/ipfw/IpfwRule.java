// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Rule;

/**
 * A rule as the kernel reports it.
 *
 * @param number its number; 65535 for the default rule
 * @param set the set that contains it, 0 to 31
 * @param id the kernel's identifier
 * @param packets number of matching packets, 0 if counters were not requested
 * @param bytes number of bytes in those packets
 * @param rule the rule; null if a neutral rule cannot express it
 * @param unsupported the part that a neutral rule cannot express; empty if there is none
 */
public record IpfwRule(
    int number,
    int set,
    int id,
    long packets,
    long bytes,
    @Nullable Rule rule,
    String unsupported) {

  /** Returns the rule if a neutral rule can express it. */
  public Optional<Rule> neutral() {
    return Optional.ofNullable(rule);
  }

  /**
   * Returns a line as {@code ipfw list} prints it, or the reason why the rule cannot be expressed.
   */
  @Override
  public String toString() {
    return "%05d %s".formatted(number, rule == null ? "[" + unsupported + "]" : rule);
  }
}
