// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vnet4j.JailInfo;

/** Creates, lists and removes jails. See jail(2). */
public interface JailDriver {

  /**
   * Creates a jail with an empty stack of its own.
   *
   * @param spec its parameters; the parent is there and its limits were checked
   * @return the jid
   * @throws org.vnet4j.Jail.NameTakenException if a jail of that name is there
   */
  int create(JailSpec spec);

  /**
   * Lists all jails, those of other programs too.
   *
   * @return in the order of their jids
   */
  List<JailInfo> list();

  /**
   * Reads one jail.
   *
   * @param jid the jail
   * @return empty if there is none
   */
  Optional<JailInfo> find(int jid);

  /**
   * Reads one jail.
   *
   * @param name its full name
   * @return empty if there is none
   */
  Optional<JailInfo> find(String name);

  /**
   * Changes the hostname of a jail.
   *
   * @param jid the jail
   * @param hostname the new name
   */
  void hostname(int jid, String hostname);

  /**
   * Removes a jail, its child jails first, and ends the processes in them. Interfaces that were
   * lent are at home again when this returns.
   *
   * <p>A removal that fails on the way leaves the jail with what still exists; it can be done
   * again.
   *
   * @param jid the jail
   * @param cameHome is called with each lent interface when it is at home, also if the removal
   *     fails later
   * @throws org.vnet4j.Jail.NotFoundException if there is none
   */
  void remove(int jid, Consumer<Returned> cameHome);

  /**
   * Begins to watch for jails that are created and removed, whoever makes or removes them.
   *
   * @return a new one for each caller, to be closed by it
   */
  default JailWatch watch() {
    return JailWatch.polling(Duration.ofSeconds(1));
  }

  /**
   * An interface that came home when a jail was removed.
   *
   * @param jid the removed jail
   * @param name its name there
   * @param homeJid the stack it moved to
   * @param homeName its name there: another one only if the old one was taken
   */
  record Returned(int jid, String name, int homeJid, String homeName) {}
}
