// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A jail of the simulated kernel. Jail 0 is the host itself. */
public final class Prison {
  public final SimKernel kernel;
  public final @Nullable Prison parent;
  public final int jid;

  /** The full name from the root, such as {@code outer.inner}. */
  public final String name;

  public final Stack stack;
  public final boolean ownStack;
  public final Map<String, Object> values = new LinkedHashMap<>();
  public boolean persist;
  public boolean alive = true;
  public int sockets;
  public int pollsUntilGone;
  public final List<SimProcess> processes = new ArrayList<>();

  public Prison(
      SimKernel kernel, @Nullable Prison parent, int jid, String name, @Nullable Stack own) {
    this.kernel = kernel;
    this.parent = parent;
    this.jid = jid;
    this.name = name;
    this.ownStack = own != null;
    this.stack = own != null ? own : parent.stack;
  }

  public boolean isBelow(Prison other) {
    for (Prison p = parent; p != null; p = p.parent) {
      if (p == other) {
        return true;
      }
    }
    return false;
  }

  /** Returns the name relative to the other jail, as its processes see it. */
  public String nameFrom(Prison other) {
    return other.jid == 0 ? name : name.substring(other.name.length() + 1);
  }

  public List<Prison> children() {
    return kernel.prisons.values().stream().filter(p -> p.parent == this).toList();
  }

  public int descendants() {
    return (int) kernel.prisons.values().stream().filter(p -> p.isBelow(this)).count();
  }
}
