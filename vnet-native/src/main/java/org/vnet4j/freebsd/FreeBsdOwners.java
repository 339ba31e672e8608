// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.vnet4j.JailInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.Owner;
import org.vnet4j.freebsd.ipfw.ShapingRules;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.posix.owner.Owners;
import org.vnet4j.spi.Kernel;
import org.vnet4j.spi.OwnerDriver;

/**
 * The ownership operations: finds the jails, interfaces and shaping rules that a Vnet made,
 * together with their owner, and removes leftovers. The owner of a jail is stored in its metadata,
 * that of an interface in its description.
 */
final class FreeBsdOwners implements OwnerDriver {
  private final FreeBsdKernel session;
  private final Owners owners;
  private final Owner self;

  FreeBsdOwners(FreeBsdKernel session, Owners owners, Owner self) {
    this.session = session;
    this.owners = owners;
    this.self = self;
  }

  @Override
  public Owner self() {
    return self;
  }

  @Override
  public boolean lives(Owner owner) {
    return owners.lives(owner);
  }

  @Override
  public List<OwnedJail> jails() {
    List<OwnedJail> owned = new ArrayList<>();
    for (JailInfo jail : session.jails().list()) {
      String mark = session.marks().find(jail.jid()).orElse("");
      boolean persist = JailOwnership.isPersistent(mark);
      Owner.parse(mark)
          .ifPresent(
              owner -> owned.add(new OwnedJail(jail.jid(), jail.name(), persist, true, owner)));
    }
    return owned;
  }

  /**
   * Lists the owned interfaces of a stack. Closes the sockets of a stack that was not open before:
   * an open socket would keep the jail dying after its removal.
   */
  @Override
  public List<OwnedInterface> interfaces(int jid) {
    boolean known = jid == Kernel.HOST || session.knows(jid);
    try {
      List<OwnedInterface> owned = new ArrayList<>();
      for (String name : session.stack(jid).interfaces().names()) {
        owned(jid, name).ifPresent(owned::add);
      }
      return owned;
    } finally {
      if (!known) {
        session.disown(jid);
      }
    }
  }

  private Optional<OwnedInterface> owned(int jid, String name) {
    FreeBsdStack stack = session.stack(jid);
    try {
      Mark mark = stack.interfaces().mark(name);
      Integer home = mark.home();
      String tag = mark.owner();
      if (home == null || tag == null) {
        return Optional.empty();
      }
      int index = stack.index(name);
      return Owner.parse(tag)
          .map(
              owner ->
                  new OwnedInterface(
                      jid, name, index, mark.made(), session.model(home), tag, owner));
    } catch (NetInterface.NotFoundException e) {
      return Optional.empty(); // destroyed during the scan
    }
  }

  @Override
  public void drop(OwnedJail jail) {
    throw new IllegalStateException(jail + ": here a jail leaves no records");
  }

  @Override
  public List<OwnedRemains> remains() {
    return strays().flatMap(rule -> remains(rule).stream()).toList();
  }

  private Stream<ShapingRules.Listed> strays() {
    return session.stack(Kernel.HOST).shaping().strays().stream();
  }

  private static Optional<OwnedRemains> remains(ShapingRules.Listed rule) {
    return Owner.parse(rule.owner())
        .map(owner -> new OwnedRemains(rule.name(), rule.index(), owner));
  }

  @Override
  public void drop(OwnedRemains one) {
    strays()
        .filter(rule -> remains(rule).filter(one::equals).isPresent())
        .forEach(session.stack(Kernel.HOST).shaping()::drop);
  }

  /**
   * Removes an interface. The kernel destroys by name, so this first checks again that the name
   * still belongs to the same interface.
   */
  @Override
  public boolean remove(OwnedInterface one) {
    if (owned(one.jid(), one.name()).filter(one::equals).isEmpty()) {
      return false;
    }
    FreeBsdInterfaces interfaces = session.stack(one.jid()).interfaces();
    try {
      if (one.made()) {
        interfaces.destroy(one.name());
      } else {
        interfaces.mark(one.name(), interfaces.mark(one.name()).atHome());
      }
      return true;
    } catch (NetInterface.NotFoundException e) {
      return false;
    }
  }
}
