// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vnet4j.Capability;

/** An open kernel: the operations on its network stacks, jails, modules and environment. */
public interface Kernel extends AutoCloseable {

  /** The value that denotes the host stack in place of a jid. */
  int HOST = 0;

  /**
   * Returns a short description of the machine for error reports.
   *
   * @return such as {@code Linux 6.1.0 x86_64}
   */
  String version();

  /**
   * Returns the capabilities of this kernel, less those that the caller of open excluded.
   *
   * @return an immutable set, probed at the first call
   */
  Set<Capability> capabilities();

  /**
   * Returns how to obtain a missing capability, for error messages.
   *
   * @param capability a capability that {@link #capabilities()} lacks
   * @return the remedy, such as {@code kldload if_epair}; empty if none is known
   */
  default Optional<String> remedy(Capability capability) {
    return Optional.empty();
  }

  /**
   * Returns the operations on one stack.
   *
   * @param jid jid of the jail, or {@link #HOST}
   * @return the stack; the same object at every call while the jail exists
   */
  StackDriver stack(int jid);

  /**
   * Returns the operations on jails.
   *
   * @return the same object at every call
   */
  JailDriver jails();

  /**
   * Moves an interface to another stack. It keeps its name, MAC address, MTU and description. It
   * loses its addresses, routes and bridge membership, and it is down afterwards.
   *
   * @param name the interface
   * @param fromJid jid of the stack that holds it, or {@link #HOST}
   * @param toJid its destination
   * @throws org.vnet4j.NetInterface.NameTakenException if the name is taken in the receiving stack
   *     (EEXIST); the interface did not move
   */
  void move(String name, int fromJid, int toJid);

  /**
   * Lists the epairs of all programs that have both ends in stacks of this kernel, as far as the
   * kernel reports which ends belong together.
   *
   * @return each epair once, those of the host stack first
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
   * Returns the ownership operations.
   *
   * @return the same object at every call
   */
  OwnerDriver owners();

  /**
   * Removes the jails that this session created and that do not persist, destroys a sandbox with
   * its contents, and releases all resources. Idempotent.
   */
  @Override
  void close();
}
