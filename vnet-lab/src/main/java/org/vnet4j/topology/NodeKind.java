// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.Locale;

/** The kind of a node. Each node is a jail with a network stack of its own. */
public enum NodeKind {
  /** Has addresses and forwards nothing. */
  HOST,
  /** Forwards packets between its interfaces. */
  ROUTER,
  /** Joins its links in a bridge and has no addresses. */
  SWITCH;

  /**
   * Returns the word for it.
   *
   * @return such as {@code router}
   */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
