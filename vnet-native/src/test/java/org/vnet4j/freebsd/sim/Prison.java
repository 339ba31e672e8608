// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A jail, or as jail 0 the machine itself. */
final class Prison {
  final SimKernel kernel;
  final @Nullable Prison parent;
  final int jid;

  /** From the root: {@code outer.inner}. */
  final String name;

  final Stack stack;
  final boolean ownStack;
  final Map<String, Object> values = new LinkedHashMap<>();
  boolean persist;
  boolean alive = true;
  int sockets;
  int pollsUntilGone;
  final List<SimProcess> processes = new ArrayList<>();

  Prison(SimKernel kernel, @Nullable Prison parent, int jid, String name, @Nullable Stack own) {
    this.kernel = kernel;
    this.parent = parent;
    this.jid = jid;
    this.name = name;
    this.ownStack = own != null;
    this.stack = own != null ? own : parent.stack;
  }

  boolean isBelow(Prison other) {
    for (Prison p = parent; p != null; p = p.parent) {
      if (p == other) {
        return true;
      }
    }
    return false;
  }

  /** The name as a process in another jail says it. */
  String nameFrom(Prison other) {
    return other.jid == 0 ? name : name.substring(other.name.length() + 1);
  }

  List<Prison> children() {
    return kernel.prisons.values().stream().filter(p -> p.parent == this).toList();
  }

  int descendants() {
    return (int) kernel.prisons.values().stream().filter(p -> p.isBelow(this)).count();
  }
}
