// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.regex.Pattern;

/** Checks the names of tables and states as ipfw(8) does. */
final class ObjectName {
  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_.-]{1,63}");

  private ObjectName() {}

  static void check(String name) {
    if (!PATTERN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name \"" + name + "\": 1 to 63 letters, digits, '_', '-' or '.'");
    }
  }

  static void checkState(String name) {
    check(name);
    if (name.equals("any")) {
      throw new IllegalArgumentException("a state cannot be named \"any\"");
    }
  }
}
