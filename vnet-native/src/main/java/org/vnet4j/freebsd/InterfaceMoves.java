// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.vnet4j.Capability;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.NetInterface;
import org.vnet4j.VnetException;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.Mark;
import org.vnet4j.spi.JailDriver.Returned;
import org.vnet4j.spi.Kernel;

/**
 * Carries interfaces between stacks. The kernel moves them up and down the tree of jails; to go
 * sideways they pass through the nearest stack above both.
 */
final class InterfaceMoves {
  private static final int MOST_TRIES = 10_000;

  private final FreeBsdSession session;

  InterfaceMoves(FreeBsdSession session) {
    this.session = session;
  }

  /** Moves an interface and keeps note of its home. All or nothing. */
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
    } catch (RuntimeException e) {
      if (!after.equals(before)) {
        undo(e, () -> from.interfaces().mark(name, before));
      }
      throw e;
    }
  }

  /**
   * Moves an interface that was just made, and that goes if this fails. It has its new name in its
   * new stack only, and on the way one that nobody has: others may make one of the same name in the
   * same stack at the same time, or bring one that was made with the same name.
   */
  void moveNew(String made, FreeBsdStack from, FreeBsdStack to, String name) {
    String passing = name.equals(made) ? made : unique();
    rename(from, made, passing);
    move(passing, from, to);
    rename(to, passing, name);
  }

  private static void undo(RuntimeException failure, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException rollback) {
      failure.addSuppressed(rollback);
    }
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

  /** Names a stack so that those below it begin with the name: empty for the host. */
  private String path(FreeBsdStack stack) {
    int jid = session.model(stack.jid());
    return jid == Kernel.HOST ? "" : session.jails().found(jid).name() + ".";
  }

  /** Finds the nearest jail above both. */
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

  /** Trap: on 15 a jail's own socket in our hands must not be used for this. */
  private void give(String name, FreeBsdStack from, FreeBsdStack to) {
    if (from.isOwn()) {
      from.inet(
          fd -> {
            new LendCalls(session.kernel()).give(fd, name, to.jid());
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

  /** Trap: the kernel takes it back where the name is taken, too, and then two have it. */
  private void takeBack(String name, FreeBsdStack from, FreeBsdStack to) {
    refuseTaken("SIOCSIFRVNET", name, to);
    if (to.isOwn()) {
      to.inet(
          fd -> {
            new LendCalls(session.kernel()).takeBack(fd, name, from.jid());
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

  /** If the second half fails the interface goes back and gets its addresses again. */
  private void detour(String name, FreeBsdStack from, FreeBsdStack through, FreeBsdStack to) {
    InterfaceInfo was = from.interfaces().get(name);
    refuseTaken("SIOCSIFVNET", name, to);
    String passing = unique(); // another one of its name may pass there at the same time
    rename(from, name, passing);
    try {
      takeBack(passing, from, through);
      try {
        give(passing, through, to);
        try {
          rename(to, passing, name);
        } catch (RuntimeException e) {
          undo(e, () -> takeBack(passing, to, through));
          throw e;
        }
      } catch (RuntimeException e) {
        undo(e, () -> give(passing, through, from));
        throw e;
      }
    } catch (RuntimeException e) {
      undo(e, () -> rename(from, passing, name));
      undo(e, () -> dress(from, was));
      throw e;
    }
  }

  private static void refuseTaken(String call, String name, FreeBsdStack to) {
    if (to.has(name)) {
      throw Refusals.ofInterface(
          FreeBsdKernel.refusal(call, name + " -> jail " + to.jid(), FreeBsdErrno.EEXIST, null));
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

  /** Makes up a name that nobody has: to look for a free one is too late if others look too. */
  private static String unique() {
    return "vnet%08x".formatted(ThreadLocalRandom.current().nextInt());
  }

  /** Finds a name that no given stack has. */
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
   * Destroys what may not be there when a stack ends: the kernel detaches a gre of such a stack
   * before it stops the timer that looks at its IPv6 addresses, and that timer then may follow a
   * null pointer. See {@code vnet_gre_uninit} in net/if_gre.c, {@code if_detach_internal} in
   * net/if.c, {@code nd6_timer} in netinet6/nd6.c; a 15.1 panicked so.
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
    return stack.inet(fd -> new GroupCalls(session.kernel()).list(fd, name)).contains("gre");
  }

  /**
   * Sends home what was lent to a stack, under another name if its own was taken there meanwhile;
   * and {@linkplain #destroyGres destroys} what was made there and may not be there at its end.
   *
   * @param doomed jails that go too: what was made in them is not saved
   * @param cameHome is told of each
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
        // It was destroyed, or taken by somebody else, while we looked.
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
   * Takes an interface out of its bridge. The kernel would do it too, and leave it promiscuous for
   * good, see {@code bridge_delete_member} in net/if_bridge.c. That somebody else did is as good.
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
