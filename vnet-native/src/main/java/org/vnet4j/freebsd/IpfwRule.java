// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.firewall.Rule;

/**
 * A rule as the kernel has it.
 *
 * @param number its number; 65535 for the default rule
 * @param set the set it is in, 0 to 31
 * @param id the kernel's name for it
 * @param packets that matched, 0 if counters were not asked for
 * @param bytes in those packets
 * @param rule what it says; null if a neutral rule cannot say it
 * @param unsupported what a neutral rule cannot say; empty if it can
 */
record IpfwRule(
    int number,
    int set,
    int id,
    long packets,
    long bytes,
    @Nullable Rule rule,
    String unsupported) {

  /** What it says, if a neutral rule can say it. */
  Optional<Rule> neutral() {
    return Optional.ofNullable(rule);
  }

  /** A line as {@code ipfw list} prints it, or one that says what is in the way. */
  @Override
  public String toString() {
    return "%05d %s".formatted(number, rule == null ? "[" + unsupported + "]" : rule);
  }
}
