// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.JailWatch;

/** Stores what Linux does not know about a jail: its number, its parent, its limits. */
public interface JailRegistry {

  /** Lists the jails in the order of their jids. */
  List<JailRecord> list();

  /** Returns a jail by its number. */
  default Optional<JailRecord> find(int jid) {
    return list().stream().filter(jail -> jail.jid() == jid).findFirst();
  }

  /** Returns a jail by its full name. */
  default Optional<JailRecord> find(String name) {
    return list().stream().filter(jail -> jail.name().equals(name)).findFirst();
  }

  /** Returns the jails in a jail, at all depths. */
  List<JailRecord> below(String name);

  /** Returns the number of jails in a jail, at all depths. */
  default int countBelow(String name) {
    return below(name).size();
  }

  /** Returns whether a jail may hold one more. */
  default boolean hasRoom(JailRecord jail) {
    return countBelow(jail.name()) < jail.childrenMax();
  }

  /**
   * Registers a jail, if no jail has its name, and creates it, before any other process can change
   * the registry.
   *
   * @param make creates the jail and returns the cookie of its namespace; if it fails, the jail is
   *     not registered
   * @return its record with a fresh jid, or null if the name is taken
   */
  @Nullable JailRecord enter(JailSpec spec, String owner, ToLongFunction<JailRecord> make);

  /** Lists the records without a namespace: leftovers of a jail, or of an unfinished creation. */
  List<JailRecord> remains();

  /** Returns the record of that name if it has no namespace. */
  Optional<JailRecord> remains(String name);

  /**
   * Runs an action and removes such a record, before any other process can change the registry.
   * Does nothing if the record has a namespace again. If another namespace has the name now, the
   * action is left out.
   */
  void drop(JailRecord record, Runnable before);

  /** Replaces the record of a jail. */
  void update(JailRecord record);

  /** Watches the set of jails that {@link #list} returns. */
  JailWatch watch();

  /** Removes a jail; does nothing if it is not registered. */
  void remove(JailRecord record);
}
