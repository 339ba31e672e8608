// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vnet4j.spi.KenvDriver;

/**
 * The kernel environment, see kenv(1). Linux has none: the variables are kept in memory, for the
 * drivers that read them.
 */
final class LinuxKenv implements KenvDriver {
  private final Map<String, String> variables = new TreeMap<>();

  @Override
  public synchronized Optional<String> get(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  @Override
  public synchronized void set(String name, String value) {
    variables.put(name, value);
  }

  @Override
  public synchronized void unset(String name) {
    variables.remove(name);
  }

  @Override
  public synchronized Map<String, String> all() {
    return Map.copyOf(variables);
  }
}
