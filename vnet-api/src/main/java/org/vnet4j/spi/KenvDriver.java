// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Map;
import java.util.Optional;

/** Operations on the kernel environment. See kenv(2). */
public interface KenvDriver {

  /**
   * Reads a variable.
   *
   * @param name the variable
   * @return its value, empty if it is not set
   */
  Optional<String> get(String name);

  /**
   * Sets a variable.
   *
   * @param name the variable, at most 127 characters
   * @param value its value, at most 127 characters
   */
  void set(String name, String value);

  /**
   * Removes a variable. Removing a variable that is not set is not an error.
   *
   * @param name the variable
   */
  void unset(String name);

  /**
   * Lists all variables.
   *
   * @return the values by name
   */
  Map<String, String> all();
}
