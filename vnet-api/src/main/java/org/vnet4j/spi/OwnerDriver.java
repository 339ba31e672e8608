// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import org.vnet4j.Owner;

/**
 * Reads which program owns each jail and interface, from the marks that the owners left on them,
 * and removes leftovers.
 */
public interface OwnerDriver {

  /**
   * Returns the owner that this session writes into its marks.
   *
   * @return the same value at every call
   */
  Owner self();

  /**
   * Returns whether an owner may still be alive. If its process has ended but the process that
   * cleans up after it has not, this waits some seconds for that process to end.
   *
   * @param owner the owner named by a mark
   * @return false only if it has certainly ended
   */
  boolean lives(Owner owner);

  /**
   * Lists the jails that carry an owner's mark, and the leftovers of removed jails.
   *
   * @return the jails in no particular order
   */
  List<OwnedJail> jails();

  /**
   * Lists the interfaces of a stack that carry an owner's mark.
   *
   * @param jid jid of the jail, or {@link Kernel#HOST}
   * @return the interfaces in the kernel's order
   */
  List<OwnedInterface> interfaces(int jid);

  /**
   * Removes the leftovers of a jail that does not exist: a record or an unused name.
   *
   * @param jail an entry that is not {@link OwnedJail#whole}
   */
  void drop(OwnedJail jail);

  /**
   * Destroys an interface that its owner created, or removes the mark from an interface that its
   * owner only lent. Does nothing if the interface is no longer the listed one, by its name and
   * other properties.
   *
   * @param one the interface as listed
   * @return false if the listed interface no longer exists
   */
  boolean remove(OwnedInterface one);

  /**
   * Lists what the host stack still keeps for interfaces that no longer exist, such as their
   * shaping rules.
   *
   * @return the remains in no particular order; empty if the kernel keeps none
   */
  default List<OwnedRemains> remains() {
    return List.of();
  }

  /**
   * Removes the remains of an interface that no longer exists. It is not an error if they are
   * removed already.
   *
   * @param one the remains as listed
   */
  default void drop(OwnedRemains one) {
    throw new UnsupportedOperationException(one.toString());
  }

  /**
   * A jail with its owner.
   *
   * @param jid its jid
   * @param name its full name
   * @param persist whether it outlives its owner
   * @param whole true for an existing jail, false for leftovers
   * @param owner the program that created it
   */
  record OwnedJail(int jid, String name, boolean persist, boolean whole, Owner owner) {}

  /**
   * An interface with its owner.
   *
   * @param jid jid of the stack that holds it, or {@link Kernel#HOST}
   * @param name its name in that stack
   * @param index its interface index in that stack
   * @param made true if the owner created it, false if the owner only lent it
   * @param home jid of its home stack
   * @param tag the complete mark; both ends of an epair carry the same mark
   * @param owner the program that created or lent it
   */
  record OwnedInterface(
      int jid, String name, int index, boolean made, int home, String tag, Owner owner) {}

  /**
   * The remains of an interface of the host stack that no longer exists.
   *
   * @param name its former name
   * @param index its former interface index
   * @param owner the program that owned it
   */
  record OwnedRemains(String name, int index, Owner owner) {}
}
