// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.util.HashMap;
import java.util.Map;

/** Counts the jails within each jail, at all depths. */
public final class JailCounts {
  private final Map<String, Integer> below = new HashMap<>();

  /** Records that a jail was created (1) or removed (-1). */
  public void change(String name, int by) {
    for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
      String above = name.substring(0, dot);
      if (below.merge(above, by, Integer::sum) == 0) {
        below.remove(above);
      }
    }
  }

  public int below(String name) {
    return below.getOrDefault(name, 0);
  }
}
