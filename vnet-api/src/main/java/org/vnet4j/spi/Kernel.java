// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vnet4j.Capability;

/** An open kernel: its stacks, its jails, its modules. */
public interface Kernel extends AutoCloseable {

  /** The number that stands for the host where a jid is asked for. */
  int HOST = 0;

  /**
   * Returns a short description of the machine for error reports.
   *
   * @return such as {@code Linux 6.1.0 x86_64}
   */
  String version();

  /**
   * Returns what this kernel can do, less what the opener switched off.
   *
   * @return an immutable set, probed when first asked for
   */
  Set<Capability> capabilities();

  /**
   * Says how this kernel gets what it cannot do, for error messages.
   *
   * @param capability one that is not among {@link #capabilities()}
   * @return such as {@code kldload if_epair}; empty if there is nothing to say
   */
  default Optional<String> remedy(Capability capability) {
    return Optional.empty();
  }

  /**
   * Returns the operations on one stack.
   *
   * @param jid the jail, or {@link #HOST}
   * @return the stack; asking again gives the same one while the jail lives
   */
  StackDriver stack(int jid);

  /**
   * Returns the operations on jails.
   *
   * @return the same object at every call
   */
  JailDriver jails();

  /**
   * Moves an interface to another stack. Its name, MAC address, MTU and description survive;
   * addresses, routes and bridge membership do not, and it comes out down.
   *
   * @param name the interface
   * @param fromJid where it is
   * @param toJid its destination
   * @throws org.vnet4j.NetInterface.NameTakenException if the name is taken there; nothing moved
   */
  void move(String name, int fromJid, int toJid);

  /**
   * Lists the cables that have both ends in stacks of this kernel, whoever made them, as far as it
   * reports which ends belong together.
   *
   * @return each once, those of the host first
   */
  List<EpairEnds> epairs();

  /**
   * Returns the operations on kernel modules.
   *
   * @return the same object at every call
   */
  ModuleDriver modules();

  /**
   * Returns the operations on the kernel environment.
   *
   * @return the same object at every call
   */
  KenvDriver kenv();

  /**
   * Returns whose things are.
   *
   * @return the same object at every call
   */
  OwnerDriver owners();

  /** Removes what was not asked to persist and gives up every resource. Idempotent. */
  @Override
  void close();
}
