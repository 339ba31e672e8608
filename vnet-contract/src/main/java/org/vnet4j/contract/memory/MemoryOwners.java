// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vnet4j.JailInfo;
import org.vnet4j.Owner;
import org.vnet4j.spi.OwnerDriver;

/** The owners of jails and interfaces in the kernel in memory, both living and dead. */
public final class MemoryOwners implements OwnerDriver {
  private final MemoryKernel kernel;
  private final Map<Integer, Owner> jails = new HashMap<>();
  private final Set<Owner> dead = new HashSet<>();
  private final List<OwnedRemains> remains = new ArrayList<>();
  private Owner self = owner("test", 1);
  private int serial;

  MemoryOwners(MemoryKernel kernel) {
    this.kernel = kernel;
  }

  /** Makes an owner of this machine. */
  public static Owner owner(String application, int pid) {
    return new Owner(application, 1, pid, 1, 0, "b", "b");
  }

  /** Sets the owner of everything that is created from now on. */
  public void become(Owner owner) {
    self = owner;
  }

  /** Ends an owner without cleaning up. */
  public void die(Owner owner) {
    dead.add(owner);
  }

  /** Records remains of an interface that no longer exists, with the current owner. */
  public void leave(String name) {
    remains.add(new OwnedRemains(name, 1, self));
  }

  void mark(int jid) {
    jails.put(jid, self);
  }

  void mark(MemoryInterface one, MemoryInterface other) {
    serial++;
    for (MemoryInterface end : List.of(one, other)) {
      end.owner = self;
      end.tag = self.mark() + ":" + serial;
    }
  }

  @Override
  public Owner self() {
    return self;
  }

  @Override
  public boolean lives(Owner owner) {
    return !dead.contains(owner);
  }

  @Override
  public List<OwnedJail> jails() {
    List<OwnedJail> owned = new ArrayList<>();
    for (JailInfo jail : kernel.jails().list()) {
      Owner owner = jails.get(jail.jid());
      owned.add(new OwnedJail(jail.jid(), jail.name(), jail.persist(), true, owner));
    }
    return owned;
  }

  @Override
  public List<OwnedInterface> interfaces(int jid) {
    return kernel.stack(jid).interfacesNow().stream()
        .flatMap(one -> owned(jid, one).stream())
        .toList();
  }

  private static Optional<OwnedInterface> owned(int jid, MemoryInterface one) {
    return Optional.ofNullable(one.owner)
        .map(owner -> new OwnedInterface(jid, one.name, one.index, true, one.home, one.tag, owner));
  }

  @Override
  public void drop(OwnedJail jail) {
    throw new IllegalStateException();
  }

  @Override
  public List<OwnedRemains> remains() {
    return List.copyOf(remains);
  }

  @Override
  public void drop(OwnedRemains one) {
    remains.remove(one);
  }

  @Override
  public boolean remove(OwnedInterface one) {
    boolean there = kernel.stack(one.jid()).has(one.name());
    if (there) {
      kernel.stack(one.jid()).interfaces().destroy(one.name());
    }
    return there;
  }
}
