// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.firewall;

import java.util.EnumSet;
import java.util.Set;

/** The state that a rule creates for a matching packet. See "STATEFUL FIREWALL" in ipfw(8). */
public sealed interface State {
  /** The default name of states. */
  String DEFAULT = "default";

  /** The properties by which a limit counts connections. */
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
     * Returns ipfw's name of the key.
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
   * Keeps state of the connection: the rule's action applies to all its later packets in both
   * directions.
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
   * Keeps state of the connection, but drops the packet if there are too many connections with the
   * same key.
   *
   * @param keys the properties that connections counted together have in common; at least one
   * @param connections largest number of connections at a time, 1 to 65534
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

    /**
     * Returns words that ipfw(8) reads: keys with blanks between them. It prints commas itself,
     * which it cannot read.
     */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (Key key : keys) {
        text.append(text.isEmpty() ? "" : " ").append(key);
      }
      String words = keys.size() == Key.values().length ? "all" : text.toString();
      return "limit " + words + " " + connections + " :" + name;
    }
  }
}
