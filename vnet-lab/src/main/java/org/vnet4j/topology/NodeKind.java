// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.Locale;

/** The kind of a node. Each node is a jail with a network stack of its own. */
public enum NodeKind {
  /** A node that has addresses and does not forward packets. */
  HOST,
  /** A node that forwards packets between its interfaces. */
  ROUTER,
  /** A node that joins its links in a bridge and has no addresses. */
  SWITCH;

  /**
   * Returns the kind in lower case.
   *
   * @return such as {@code router}
   */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
