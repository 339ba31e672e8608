// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.EnumSet;
import java.util.Set;

/** Says which state a matching packet makes. See "STATEFUL FIREWALL" in ipfw(8). */
public sealed interface State {
  /** The name of states that were given none. */
  String DEFAULT = "default";

  /** Lists what a limit can count by. */
  enum Key {
    /** Connections from the same source address. */
    SRC_ADDR,
    /** Connections from the same source port. */
    SRC_PORT,
    /** Connections to the same destination address. */
    DST_ADDR,
    /** Connections to the same destination port. */
    DST_PORT;

    /**
     * Returns ipfw's word.
     *
     * @return for example {@code src-addr}
     */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Returns the name that the states carry.
   *
   * @return the name without its colon
   */
  String name();

  /**
   * Remembers the connection; packets of it in both directions get the rule's action from then on.
   *
   * @param name the name the states carry
   */
  record Keep(String name) implements State {
    /** Checks the name. */
    public Keep {
      ObjectName.checkState(name);
    }

    @Override
    public String toString() {
      return "keep-state :" + name;
    }
  }

  /**
   * Remembers the connection, but drops it if there are too many with the same key.
   *
   * @param keys what connections have in common that are counted together; at least one
   * @param connections how many are allowed at a time, 1 to 65534
   * @param name the name the states carry
   */
  record Limit(Set<Key> keys, int connections, String name) implements State {
    /** Checks the values. */
    public Limit {
      ObjectName.checkState(name);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("limit: missing src-addr, src-port, dst-addr, dst-port");
      }
      keys = java.util.Collections.unmodifiableSet(EnumSet.copyOf(keys));
      if (connections < 1 || connections > 65534) {
        throw new IllegalArgumentException("limit " + connections + " is not in 1..65534");
      }
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Key key : keys) {
        text.append(text.isEmpty() ? "" : ",").append(key);
      }
      String words = keys.size() == Key.values().length ? "all" : text.toString();
      return "limit " + words + " " + connections + " :" + name;
    }
  }
}
