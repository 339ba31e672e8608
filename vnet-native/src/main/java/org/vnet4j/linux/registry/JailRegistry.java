// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.registry;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.JailWatch;

/** Keeps what Linux does not know of a jail: its number, its parent, its limits. */
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

  /** Counts the jails in a jail at all depths. */
  default int below(String name) {
    return (int) list().stream().filter(jail -> jail.name().startsWith(name + ".")).count();
  }

  /**
   * Enters a jail, if no jail has its name, and makes it before anybody else has a turn.
   *
   * @param make makes it; if that fails it is not entered
   * @return its record with a fresh jid, or null if the name is taken
   */
  @org.jspecify.annotations.Nullable
  JailRecord enter(JailSpec spec, String owner, Consumer<JailRecord> make);

  /** Lists the records that have no namespace: what is left of a jail, or of its making. */
  List<JailRecord> remains();

  /** Does something and removes such a record before anybody else has a turn, if it is still so. */
  void drop(JailRecord record, Runnable before);

  /** Replaces the record of a jail. */
  void update(JailRecord record);

  /** Watches what {@link #list} lists. */
  JailWatch watch();

  /** Removes a jail; one that is not there is no error. */
  void remove(JailRecord record);
}
