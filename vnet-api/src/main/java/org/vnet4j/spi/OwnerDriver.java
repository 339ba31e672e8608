// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.List;
import org.vnet4j.Owner;

/** Reports the owners of jails and interfaces, by the marks that their makers left on them. */
public interface OwnerDriver {

  /**
   * Returns the owner of what is made here.
   *
   * @return the same at every call
   */
  Owner self();

  /**
   * Returns whether an owner may still be there. Where its process has ended but the one that
   * clears up after it has not, this waits for that, for some seconds at most.
   *
   * @param owner of a mark
   * @return false only if it has certainly ended
   */
  boolean lives(Owner owner);

  /**
   * Lists the jails that carry an owner's mark, and what is left of some.
   *
   * @return in no order
   */
  List<OwnedJail> jails();

  /**
   * Lists the interfaces of a stack that carry an owner's mark.
   *
   * @param jid the jail, or {@link Kernel#HOST}
   * @return in the order of the kernel
   */
  List<OwnedInterface> interfaces(int jid);

  /**
   * Removes what is left of a jail that is none (any more): a record, an empty name.
   *
   * @param jail one that is not {@link OwnedJail#whole}
   */
  void drop(OwnedJail jail);

  /**
   * Destroys an interface that was made, or takes the mark from one that was only lent; if it is
   * still the one that was listed, which may be reported by more than its name.
   *
   * @param one as listed
   * @return false if there is no such interface any more
   */
  boolean remove(OwnedInterface one);

  /**
   * Lists what the host's stack keeps for interfaces of it that no longer exist, such as rules by
   * which they were shaped.
   *
   * @return in no order; empty where nothing outlives an interface
   */
  default List<OwnedRemains> remains() {
    return List.of();
  }

  /**
   * Removes what is left of an interface that no longer exists. No error if that does not exist
   * either.
   *
   * @param one as listed
   */
  default void drop(OwnedRemains one) {
    throw new UnsupportedOperationException(one.toString());
  }

  /**
   * A jail with its owner.
   *
   * @param jid its number
   * @param name its full name
   * @param persist whether it was to stay when its maker has ended
   * @param whole false if there is no jail but something left of one
   * @param owner its maker
   */
  record OwnedJail(int jid, String name, boolean persist, boolean whole, Owner owner) {}

  /**
   * An interface with its owner.
   *
   * @param jid the stack it is in
   * @param name its name there
   * @param index its number there
   * @param made false if it was lent and not made
   * @param home the stack it belongs to
   * @param tag the whole mark; both ends of an epair have the same
   * @param owner who made or lent it
   */
  record OwnedInterface(
      int jid, String name, int index, boolean made, int home, String tag, Owner owner) {}

  /**
   * What is left of an interface of the host that no longer exists.
   *
   * @param name its name
   * @param index its number
   * @param owner whose it is
   */
  record OwnedRemains(String name, int index, Owner owner) {}
}
