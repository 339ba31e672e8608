// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.ioctl;

import java.util.List;
import org.vnet4j.freebsd.sim.Prison;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.net.Addresses;
import org.vnet4j.freebsd.sim.net.Announcer;
import org.vnet4j.freebsd.sim.net.Iface;
import org.vnet4j.freebsd.sim.net.Tunnels;

/** Moves interfaces between stacks, and empties a stack that ends. */
public final class Moves {
  private final SimKernel kernel;

  public Moves(SimKernel kernel) {
    this.kernel = kernel;
  }

  /** SIOCSIFVNET: lends an interface of the socket's stack to a jail below the caller's. */
  void give(SimProcess process, Stack from, String name, int jid) {
    process.checkRoot();
    Iface iface = from.get(name);
    Prison prison = below(process, jid);
    if (prison.stack == process.prison.stack || prison.stack.find(name) != null) {
      throw new SysError("EEXIST");
    }
    move(iface, prison.stack);
  }

  /**
   * SIOCSIFRVNET: takes an interface back from a jail's stack to the caller's. The kernel does not
   * check whether its name is taken there ({@code if_vmove_reclaim}); two interfaces may then have
   * one name.
   */
  void reclaim(SimProcess process, String name, int jid) {
    process.checkRoot();
    Prison prison = below(process, jid);
    Iface iface = prison.stack.get(name);
    Stack to = process.prison.stack;
    if (to == prison.stack) {
      throw new SysError("EEXIST");
    }
    move(iface, to);
  }

  private Prison below(SimProcess process, int jid) {
    Prison prison = kernel.prisons.get(jid);
    if (prison == null || !prison.isBelow(process.prison)) {
      throw new SysError("ENXIO");
    }
    return prison;
  }

  /**
   * Moves an interface. It loses addresses, routes and groups; it keeps name, MAC, MTU and
   * description. Before 14 it also loses the group of its kind, unless it leaves its home.
   */
  private void move(Iface iface, Stack to) {
    BridgeIoctls.leave(iface);
    Addresses.down(iface, true);
    Addresses.dropAll(iface);
    iface.unbind();
    Announcer.departure(iface);
    iface.stack.interfaces.remove(iface);
    iface.stack.routes.removeOf(iface);
    Tunnels.forget(iface);
    boolean clonerFound = iface.stack == iface.home || kernel.release().findsClonerAtHome();
    iface.stack = to;
    iface.resetGroups(clonerFound);
    to.interfaces.add(iface);
    Announcer.arrival(iface);
  }

  /**
   * Empties a stack that ends. Lent interfaces return home even if their name is taken there;
   * interfaces created in the stack are destroyed.
   */
  public void evacuate(Stack stack) {
    for (Iface iface : List.copyOf(stack.interfaces)) {
      if (iface.home != stack && iface.home.alive && iface.stack == stack) {
        move(iface, iface.home);
      }
    }
    for (Iface iface : kernel.allInterfaces()) {
      if (iface.home == stack && iface.stack.interfaces.contains(iface)) {
        if (iface.kind.name().equals("gre") && !iface.inet(true).isEmpty()) {
          throw new IllegalStateException("panic: page fault in nd6_timer, as of 15.1");
        }
        Cloners.destroyNow(iface);
      }
    }
    stack.alive = false;
  }
}
