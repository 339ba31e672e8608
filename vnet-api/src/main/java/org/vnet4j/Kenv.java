// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Map;
import java.util.Optional;

/**
 * The kernel environment: settings that a module reads when it is loaded. See kenv(1). Linux has
 * none: there this {@link Vnet} keeps the variables, and its replacement of the module reads them.
 */
public final class Kenv {
  private static final int LONGEST = 127;

  private final Vnet vnet;

  Kenv(Vnet vnet) {
    this.vnet = vnet;
  }

  /**
   * Reads a variable.
   *
   * @param name the variable
   * @return its value, empty if it is not set
   */
  public Optional<String> get(String name) {
    return vnet.kernel().kenv().get(name(name));
  }

  /**
   * Sets a variable.
   *
   * @param name 1 to 127 characters
   * @param value at most 127 characters
   * @return this
   */
  public Kenv set(String name, String value) {
    name(name);
    if (value.length() > LONGEST || value.indexOf(0) >= 0) {
      throw new IllegalArgumentException("kenv " + name + ": a value has at most 127 characters");
    }
    vnet.change("kenv " + name, vnet.host(), () -> vnet.kernel().kenv().set(name, value));
    return this;
  }

  /**
   * Removes a variable. Removing a variable that is not set is not an error.
   *
   * @param name the variable
   * @return this
   */
  public Kenv unset(String name) {
    vnet.change("kenv -u " + name, vnet.host(), () -> vnet.kernel().kenv().unset(name(name)));
    return this;
  }

  /**
   * Lists all variables.
   *
   * @return the values by name
   */
  public Map<String, String> all() {
    return vnet.kernel().kenv().all();
  }

  private static String name(String name) {
    if (!name.matches("[A-Za-z0-9_.-]{1," + LONGEST + "}")) {
      throw new IllegalArgumentException(
          "kenv name \"" + name + "\": 1 to 127 letters, digits, '_', '.', '-'");
    }
    return name;
  }
}
