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
   * Creates a jail with an empty network stack of its own.
   *
   * @param spec its parameters; the caller has checked that the parent exists and its limits allow
   *     a child
   * @return the jid
   * @throws org.vnet4j.Jail.NameTakenException if a jail of that name exists (EEXIST)
   */
  int create(JailSpec spec);

  /**
   * Lists all jails, including those of other programs.
   *
   * @return the jails in the order of their jids
   */
  List<JailInfo> list();

  /**
   * Reads one jail.
   *
   * @param jid its jid
   * @return the jail, empty if it does not exist
   */
  Optional<JailInfo> find(int jid);

  /**
   * Reads one jail.
   *
   * @param name its full name
   * @return the jail, empty if it does not exist
   */
  Optional<JailInfo> find(String name);

  /**
   * Returns whether a jail may hold one more jail. By default counts those that it holds.
   *
   * @param jid the jail
   * @return false if it holds as many as it may, at all depths, or does not exist
   */
  default boolean hasRoom(int jid) {
    return find(jid).filter(jail -> jail.childrenCur() < jail.childrenMax()).isPresent();
  }

  /**
   * Changes the hostname of a jail.
   *
   * @param jid the jail
   * @param hostname the new name
   */
  void hostname(int jid, String hostname);

  /**
   * Removes a jail, its child jails first, and kills the processes in them. When this returns,
   * every lent interface has returned home.
   *
   * <p>A removal that fails midway leaves the jail with the remaining contents; the caller may
   * repeat it.
   *
   * @param jid the jail
   * @param cameHome receives each lent interface once it is home, even if the removal fails later
   * @throws org.vnet4j.Jail.NotFoundException if the jail does not exist (ENOENT)
   */
  void remove(int jid, Consumer<Returned> cameHome);

  /**
   * Starts to watch for jails that any program creates or removes.
   *
   * @return a new watch, which the caller closes
   */
  default JailWatch watch() {
    return JailWatch.polling(Duration.ofSeconds(1));
  }

  /**
   * An interface that returned home when its jail was removed.
   *
   * @param jid jid of the removed jail
   * @param name its name in that jail
   * @param homeJid jid of the stack that it returned to
   * @param homeName its name at home; differs from {@code name} only if that name was taken
   */
  record Returned(int jid, String name, int homeJid, String homeName) {}
}
