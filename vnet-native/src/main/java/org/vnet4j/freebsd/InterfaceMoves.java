// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.vnet4j.Capability;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.FreeBsdErrno;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.owner.Mark;
import org.vnet4j.spi.JailDriver.Returned;
import org.vnet4j.spi.Kernel;

/**
 * Moves interfaces between stacks. The kernel moves an interface only between a jail and one of its
 * ancestors; any other move passes through the nearest common ancestor of both stacks.
 */
final class InterfaceMoves {
  private static final int MOST_TRIES = 10_000;

  private final FreeBsdKernel session;

  /** By the jid of a home: the jids of the stacks to which interfaces were moved from it. */
  private final Map<Integer, Set<Integer>> away = new ConcurrentHashMap<>();

  InterfaceMoves(FreeBsdKernel session) {
    this.session = session;
  }

  /**
   * Moves an interface and records its home in its mark. If the move fails, the interface stays and
   * its mark is restored.
   */
  void move(String name, FreeBsdStack from, FreeBsdStack to) {
    Mark before = from.interfaces().mark(name);
    Mark lent = before.lent(from.jid(), session.owner());
    Integer home = lent.home();
    Mark after = home != null && home == to.jid() ? lent.atHome() : lent;
    if (!after.equals(before)) {
      from.interfaces().mark(name, after);
    }
    try {
      carry(name, from, to);
      if (home != null && home != to.jid()) {
        away.computeIfAbsent(home, jid -> ConcurrentHashMap.newKeySet()).add(to.jid());
      }
    } catch (RuntimeException e) {
      if (!after.equals(before)) {
        Failures.undo(e, () -> from.interfaces().mark(name, before));
      }
      throw e;
    }
  }

  /**
   * Moves an interface that was just created; the caller destroys it if this fails. An interface
   * that gets another name has a random name during the move and its final name in the target stack
   * only. Another program may otherwise create or move an interface with the same name at the same
   * time.
   */
  void moveNew(String made, FreeBsdStack from, FreeBsdStack to, String name) {
    String passing = name.equals(made) ? made : unique();
    rename(from, made, passing);
    move(passing, from, to);
    rename(to, passing, name);
  }

  private void carry(String name, FreeBsdStack from, FreeBsdStack to) {
    String source = path(from);
    String target = path(to);
    if (target.startsWith(source)) {
      give(name, from, to);
    } else if (source.startsWith(target)) {
      takeBack(name, from, to);
    } else {
      detour(name, from, session.stack(above(source, target)), to);
    }
  }

  /**
   * Returns a path for a stack such that the paths of its descendants begin with it: empty for the
   * host stack.
   */
  private String path(FreeBsdStack stack) {
    int jid = session.model(stack.jid());
    return jid == Kernel.HOST ? "" : session.jails().found(jid).name() + ".";
  }

  /** Returns the nearest common ancestor of two paths. */
  private int above(String one, String other) {
    int end = 0;
    for (int i = 0; i < one.length() && one.charAt(i) == other.charAt(i); i++) {
      end = one.charAt(i) == '.' ? i : end;
    }
    String name = one.substring(0, end);
    return name.isEmpty()
        ? Kernel.HOST
        : session.jails().find(name).orElseThrow(() -> session.jails().gone(0)).jid();
  }

  /**
   * Moves an interface down to a descendant. Trap: on FreeBSD 15 the request must not be made
   * through a jail's socket from outside; the helper makes it inside the jail.
   */
  private void give(String name, FreeBsdStack from, FreeBsdStack to) {
    if (from.isOwn()) {
      from.inet(
          fd -> {
            session.calls.lend.give(fd, name, to.jid());
            return fd;
          });
    } else {
      from.ask(
          () -> {
            session.helper().give(from.ref(), name, to.jid());
            return name;
          });
    }
    from.shaping().tidy();
    to.shaping().tidy();
  }

  /**
   * Moves an interface up to an ancestor. Trap: the kernel does so even if the name is taken there,
   * and two interfaces then have the same name.
   */
  private void takeBack(String name, FreeBsdStack from, FreeBsdStack to) {
    refuseTaken("SIOCSIFRVNET", name, to);
    if (to.isOwn()) {
      to.inet(
          fd -> {
            session.calls.lend.takeBack(fd, name, from.jid());
            return fd;
          });
    } else {
      to.ask(
          () -> {
            session.helper().reclaim(to.ref(), name, from.jid());
            return name;
          });
    }
    from.shaping().tidy();
    to.shaping().tidy();
  }

  /**
   * Moves an interface through a common ancestor. If a later step fails, returns it to its stack
   * and restores its addresses.
   */
  private void detour(String name, FreeBsdStack from, FreeBsdStack through, FreeBsdStack to) {
    InterfaceInfo was = from.interfaces().get(name);
    refuseTaken("SIOCSIFVNET", name, to);
    String passing = unique(); // another interface of the same name may pass there at the same time
    rename(from, name, passing);
    try {
      takeBack(passing, from, through);
      try {
        give(passing, through, to);
        try {
          rename(to, passing, name);
        } catch (RuntimeException e) {
          Failures.undo(e, () -> takeBack(passing, to, through));
          throw e;
        }
      } catch (RuntimeException e) {
        Failures.undo(e, () -> give(passing, through, from));
        throw e;
      }
    } catch (RuntimeException e) {
      Failures.undo(e, () -> rename(from, passing, name));
      Failures.undo(e, () -> dress(from, was));
      throw e;
    }
  }

  private static void refuseTaken(String call, String name, FreeBsdStack to) {
    if (to.has(name)) {
      throw FreeBsdErrors.ofInterface(
          Syscalls.refusal(call, name + " -> jail " + to.jid(), FreeBsdErrno.EEXIST, null));
    }
  }

  private static void rename(FreeBsdStack stack, String name, String newName) {
    if (!name.equals(newName)) {
      stack.interfaces().rename(name, newName);
    }
  }

  private static void dress(FreeBsdStack stack, InterfaceInfo was) {
    for (Cidr address : was.addresses()) {
      stack.interfaces().addAddress(was.name(), address);
    }
    stack.interfaces().up(was.name(), was.isUp());
  }

  /** Returns a random name. A search for a free name could collide with another program's. */
  private static String unique() {
    return "vnet%08x".formatted(ThreadLocalRandom.current().nextInt());
  }

  /** Returns a name that none of the given stacks uses. */
  private static String free(FreeBsdStack... stacks) {
    for (int i = 0; i < MOST_TRIES; i++) {
      String name = "vnet" + i;
      boolean taken = false;
      for (FreeBsdStack stack : stacks) {
        taken |= stack.has(name);
      }
      if (!taken) {
        return name;
      }
    }
    throw new VnetException("no name from vnet0 to vnet" + (MOST_TRIES - 1) + " is free");
  }

  /**
   * Destroys the gre interfaces of a stack, none of which may exist when the stack ends. The kernel
   * detaches such a gre before it stops the timer that checks its IPv6 addresses, and the timer may
   * then dereference a null pointer; a 15.1 kernel panicked this way. See {@code vnet_gre_uninit}
   * in net/if_gre.c, {@code if_detach_internal} in net/if.c, {@code nd6_timer} in netinet6/nd6.c.
   */
  void destroyGres(FreeBsdStack stack) {
    for (String name : stack.interfaces().names()) {
      try {
        if (isGre(stack, name)) {
          stack.interfaces().destroy(name);
        }
      } catch (NetInterface.NotFoundException e) {
        continue;
      }
    }
  }

  private boolean isGre(FreeBsdStack stack, String name) {
    return new InterfaceReader(stack).kind(name) == InterfaceKind.GRE;
  }

  /**
   * Destroys an interface in its home stack, to which it is moved before. Before FreeBSD 14 the
   * kernel finds the cloner of an interface nowhere else and reports ENXIO. If a step fails, the
   * interface is returned with its addresses.
   *
   * @param refusal what the kernel reported in this stack; thrown if that is the home
   */
  void destroyAtHome(String name, FreeBsdStack from, VnetException refusal) {
    Integer jid = from.interfaces().mark(name).home();
    FreeBsdStack home =
        session.stack(jid == null ? Kernel.HOST : session.jails().orHost(session.model(jid)));
    if (home == from) {
      throw refusal;
    }
    InterfaceInfo was = from.interfaces().get(name);
    String passing = unique(); // its name may be taken at home
    rename(from, name, passing);
    try {
      carry(passing, from, home);
      try {
        home.interfaces().destroy(passing);
      } catch (RuntimeException e) {
        Failures.undo(e, () -> carry(passing, home, from));
        throw e;
      }
    } catch (RuntimeException e) {
      Failures.undo(e, () -> rename(from, passing, name));
      Failures.undo(e, () -> dress(from, was));
      throw e;
    }
  }

  /**
   * Returns whether another stack still has an interface whose home is one of the removed jails.
   * The kernel destroys these interfaces together with the stack of the jail.
   */
  boolean haveStrays(List<Integer> removed) {
    return removed.stream()
        .flatMap(jid -> away.getOrDefault(jid, Set.of()).stream())
        .distinct()
        .filter(jid -> !removed.contains(jid) && session.jails().isThere(jid))
        .anyMatch(jid -> hasStray(session.stack(session.model(jid)), removed));
  }

  private static boolean hasStray(FreeBsdStack stack, List<Integer> removed) {
    try {
      for (String name : stack.interfaces().names()) {
        try {
          if (removed.contains(stack.interfaces().mark(name).home())) {
            return true;
          }
        } catch (NetInterface.NotFoundException e) {
          continue;
        }
      }
    } catch (Jail.NotFoundException e) {
      return false;
    }
    return false;
  }

  /** Forgets where the interfaces of a removed jail were. */
  void forget(int jid) {
    away.remove(jid);
  }

  /**
   * Returns home the interfaces that were lent to a stack. An interface gets another name if its
   * own is taken at home. {@linkplain #destroyGres Destroys} the gre interfaces that are not
   * returned.
   *
   * @param doomed jails that are removed too: interfaces created in them are not returned
   * @param cameHome receives each returned interface
   */
  void sendHome(FreeBsdStack from, List<Integer> doomed, Consumer<Returned> cameHome) {
    boolean gre = session.capabilities().contains(Capability.GRE);
    for (String name : from.interfaces().names()) {
      try {
        Mark mark = from.interfaces().mark(name);
        Integer home = mark.home();
        if (home != null && !doomed.contains(home)) {
          FreeBsdStack to = session.stack(session.jails().orHost(session.model(home)));
          String there = sendHome(name, from, to);
          cameHome.accept(new Returned(from.jid(), name, session.model(to.jid()), there));
          if (!mark.atHome().equals(mark)) {
            to.interfaces().mark(there, mark.atHome());
          }
        } else if (gre && isGre(from, name)) {
          from.interfaces().destroy(name);
        }
      } catch (NetInterface.NotFoundException e) {
        // Another program destroyed or moved the interface during the scan.
        continue;
      }
    }
  }

  private String sendHome(String name, FreeBsdStack from, FreeBsdStack to) {
    from.interfaces().bridgeOf(name).ifPresent(bridge -> leave(from, bridge, name));
    String now = name;
    for (int i = 0; ; i++) {
      try {
        carry(now, from, to);
        return now;
      } catch (NetInterface.NameTakenException e) {
        if (i == MOST_TRIES) {
          throw e;
        }
        String other = free(from, to);
        from.interfaces().rename(now, other);
        now = other;
      }
    }
  }

  /**
   * Removes an interface from its bridge. The kernel would do so too but leave the interface
   * promiscuous, see {@code bridge_delete_member} in net/if_bridge.c. Succeeds if another program
   * has removed it.
   */
  private static void leave(FreeBsdStack from, String bridge, String name) {
    try {
      from.bridges().delete(bridge, name);
    } catch (VnetException e) {
      if (from.interfaces().bridgeOf(name).equals(Optional.of(bridge))) {
        throw e;
      }
    }
  }
}
