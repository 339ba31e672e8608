// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.net.Errno.ENOENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vnet4j.NetInterface;
import org.vnet4j.Owner;
import org.vnet4j.VnetException;
import org.vnet4j.linux.registry.JailRecord;
import org.vnet4j.linux.registry.JailRegistry;
import org.vnet4j.linux.rtnetlink.LinkRequests;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.posix.owner.Owners;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.OwnerDriver;

/**
 * The ownership operations: finds the jails and interfaces that a Vnet made, together with their
 * owner, and removes leftovers. The registry stores the owner of a jail, the alias of a link that
 * of an interface.
 */
final class LinuxOwners implements OwnerDriver {
  /**
   * The group of links that have no alias yet: the kernel cannot create a link with an alias. The
   * low bits hold the process id of the maker; if that is killed before it sets the alias, the
   * group still identifies the link.
   */
  private static final int UNFINISHED = 0x5a << 24;

  private static final int PID = 0xffffff;

  private final LinuxKernel kernel;
  private final JailRegistry registry;
  private final Owners owners;
  private final Owner self;

  LinuxOwners(LinuxKernel kernel, JailRegistry registry, Owners owners, Owner self) {
    this.kernel = kernel;
    this.registry = registry;
    this.owners = owners;
    this.self = self;
  }

  /** Returns the group of links that this process is creating. */
  int unfinished() {
    return UNFINISHED | (int) self.pid() & PID;
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
    List<OwnedJail> jails = new ArrayList<>();
    registry.list().forEach(record -> owned(record, true).ifPresent(jails::add));
    registry.remains().forEach(record -> owned(record, false).ifPresent(jails::add));
    return jails;
  }

  private Optional<OwnedJail> owned(JailRecord record, boolean whole) {
    return Owner.parse(record.owner())
        .map(
            owner -> {
              // A jail from before a reboot no longer persists.
              boolean persist = record.persist() && (whole || owner.boot().equals(self.boot()));
              return new OwnedJail(record.jid(), record.name(), persist, whole, owner);
            });
  }

  @Override
  public List<OwnedInterface> interfaces(int jid) {
    List<OwnedInterface> owned = new ArrayList<>();
    kernel.stack(jid).links().forEach(link -> owned(jid, link).ifPresent(owned::add));
    return owned;
  }

  private Optional<OwnedInterface> owned(int jid, LinkState link) {
    Mark mark = link.mark();
    Integer home = mark.home();
    String tag = mark.owner();
    if (home != null && tag != null) {
      return Owner.parse(tag)
          .map(
              owner ->
                  new OwnedInterface(
                      jid, link.name(), link.index(), mark.made(), home, tag, owner));
    }
    if ((link.group() & ~PID) != UNFINISHED) {
      return Optional.empty();
    }
    Owner maker = owners.unknown(link.group() & PID);
    return Optional.of(
        new OwnedInterface(
            jid, link.name(), link.index(), true, jid, "unfinished " + link.index(), maker));
  }

  @Override
  public void drop(OwnedJail jail) {
    registry
        .remains(jail.name())
        .filter(record -> record.jid() == jail.jid())
        .ifPresent(record -> registry.drop(record, () -> dropName(record.name())));
  }

  /** Removes the leftovers of jails that this session made. */
  void dropOwn() {
    for (OwnedJail jail : jails()) {
      if (!jail.whole() && jail.owner().equals(self)) {
        drop(jail);
      }
    }
  }

  /** Removes the name, which may be an empty file to which the kernel never bound the namespace. */
  private void dropName(String name) {
    try (Fd file = kernel.helper().openNamespace(name)) {
      kernel.helper().removeNamespace(name, file);
    } catch (VnetException e) {
      if (!e.isErrno(ENOENT)) {
        throw e;
      }
    }
  }

  /** Identifies the interface by its index, which the kernel does not reuse. */
  @Override
  public boolean remove(OwnedInterface one) {
    LinuxStack stack = kernel.stack(one.jid());
    Optional<LinkState> now =
        stack.links().stream()
            .filter(link -> owned(one.jid(), link).filter(one::equals).isPresent())
            .findFirst();
    if (now.isEmpty()) {
      return false;
    }
    try {
      stack.ask(
          KernelErrors::ofInterface,
          exchange -> {
            LinkState link = now.get();
            exchange.out().clear();
            if (one.made()) {
              LinkRequests.delete(exchange.out(), link.index());
              exchange.execute("RTM_DELLINK", link.name());
            } else {
              LinkRequests.alias(exchange.out(), link.index(), link.mark().atHome().alias());
              exchange.execute("RTM_SETLINK", link.name());
            }
            return link;
          });
      return true;
    } catch (NetInterface.NotFoundException e) {
      return false;
    }
  }
}
