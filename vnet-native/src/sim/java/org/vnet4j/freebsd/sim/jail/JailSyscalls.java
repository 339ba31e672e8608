// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.jail;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.Descriptor;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Prison;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.SysError;

/** jail_get(2), jail_remove(2) and the removal of jails. {@link JailMaking} creates them. */
public final class JailSyscalls {
  private final SimKernel kernel;

  public JailSyscalls(SimKernel kernel) {
    this.kernel = kernel;
  }

  public int get(SimProcess process, JailOptions options, int flags) {
    if ((flags & ~FreeBsdAbi.constant("JAIL_GET_MASK")) != 0) {
      throw new SysError("EINVAL");
    }
    boolean dyingToo = (flags & FreeBsdAbi.constant("JAIL_DYING")) != 0;
    Prison prison = find(process, options, dyingToo, flags);
    answer(process.prison, prison, options);
    options.checkAllSeen();
    options.copyOut();
    return prison.jid;
  }

  private Prison find(SimProcess process, JailOptions options, boolean dyingToo, int flags) {
    Prison from = process.prison;
    Integer descriptor = options.number("desc");
    if (descriptor != null && (flags & FreeBsdAbi.constant("JAIL_USE_DESC")) != 0) {
      if (process.descriptor(descriptor) instanceof Descriptor.OfJail jail) {
        return alive(jail.prison, dyingToo, jail.prison.jid + "");
      }
      throw new SysError("EINVAL", "not a jail descriptor");
    }
    Integer last = options.number("lastjid");
    if (last != null) {
      for (Prison p : List.copyOf(kernel.prisons.values())) {
        if (p.jid > last && p.isBelow(from) && (p.alive || dyingToo) && !poll(p)) {
          return p;
        }
      }
      throw new SysError("ENOENT", "no jail after " + last);
    }
    Integer jid = options.number("jid");
    if (jid != null && jid != 0) {
      Prison p = kernel.prisons.get(jid);
      if (p == null || !p.isBelow(from) || poll(p)) {
        throw new SysError("ENOENT", "jail " + jid + " not found");
      }
      return alive(p, dyingToo, jid.toString());
    }
    String name = options.text("name", 65536);
    if (name == null) {
      throw new SysError("ENOENT", "no jail specified");
    }
    Prison p = findByName(from, name);
    if (p == null || poll(p)) {
      throw new SysError("ENOENT", "jail \"" + name + "\" not found");
    }
    return alive(p, dyingToo, "\"" + name + "\"");
  }

  private static Prison alive(Prison prison, boolean dyingToo, String who) {
    if (!prison.alive && !dyingToo) {
      throw new SysError("ENOENT", "jail " + who + " is dying");
    }
    return prison;
  }

  /** Returns the living jail of that name, else a dying one, else null. */
  @Nullable Prison findByName(Prison from, String name) {
    String whole = from.jid == 0 ? name : from.name + "." + name;
    Prison found = null;
    for (Prison p : kernel.prisons.values()) {
      if (p.isBelow(from) && p.name.equals(whole) && (found == null || p.alive)) {
        found = p;
      }
    }
    return found;
  }

  private void answer(Prison from, Prison prison, JailOptions options) {
    options.answer("jid", prison.jid);
    options.answer("parent", prison.parent == from ? 0 : prison.parent.jid);
    options.answer("name", prison.nameFrom(from));
    options.answer("cpuset.id", prison.jid + 1);
    options.answer("children.cur", prison.descendants());
    options.answerFlag("persist", prison.persist);
    options.answerFlag("dying", !prison.alive);
    options.answer(
        "vnet", FreeBsdAbi.constant(prison.ownStack ? "JAIL_SYS_NEW" : "JAIL_SYS_INHERIT"));
    options.answer("osreldate", kernel.release().number());
    options.answer("osrelease", kernel.release().text());
    byte[] empty = options.bytes("ip4.addr");
    byte[] empty6 = options.bytes("ip6.addr");
    if (empty != null && empty.length % 4 != 0 || empty6 != null && empty6.length % 16 != 0) {
      throw new SysError("EINVAL");
    }
    prison.values.forEach(
        (name, value) -> {
          if (value instanceof Integer number) {
            options.answer(name, number);
          } else if (value instanceof Boolean flag) {
            options.answerFlag(name, flag);
          } else if (value instanceof String text) {
            options.answer(name, text);
          }
        });
  }

  public void remove(SimProcess process, int jid) {
    process.checkRoot();
    Prison prison = kernel.prisons.get(jid);
    if (prison == null || !prison.isBelow(process.prison) || !prison.alive) {
      throw new SysError("EINVAL");
    }
    kill(prison);
  }

  /**
   * Removes a jail and its children: their processes are killed, and the sockets of those are
   * closed.
   */
  public void kill(Prison prison) {
    for (Prison child : prison.children()) {
      kill(child);
    }
    prison.alive = false;
    prison.persist = false;
    kernel.tell(prison, "NOTE_JAIL_REMOVE", 0);
    for (SimProcess process : List.copyOf(prison.processes)) {
      process.exit();
    }
    reap(prison);
  }

  /** Removes a jail without {@code persist} when its last process has left. */
  public void processLeft(Prison prison) {
    if (prison.jid != 0 && prison.alive && !prison.persist && prison.processes.isEmpty()) {
      kill(prison);
    } else {
      reap(prison);
    }
  }

  /** Frees a dying jail once nothing refers to it; then lent interfaces return home. */
  public void reap(Prison prison) {
    if (prison.alive
        || prison.sockets > 0
        || !prison.processes.isEmpty()
        || !kernel.prisons.containsKey(prison.jid)
        || !prison.children().isEmpty()) {
      return;
    }
    if (prison.pollsUntilGone == 0 && kernel.teardownPolls > 0) {
      prison.pollsUntilGone = kernel.teardownPolls;
      return;
    }
    if (prison.pollsUntilGone <= 0 || --prison.pollsUntilGone == 0) {
      kernel.prisons.remove(prison.jid);
      if (prison.ownStack) {
        kernel.end(prison.stack);
      }
      Prison parent = prison.parent;
      if (parent != null && !parent.alive) {
        reap(parent);
      }
    }
  }

  /** Advances a slow teardown by one step; returns true once the jail is freed. */
  private boolean poll(Prison prison) {
    if (!prison.alive && prison.pollsUntilGone > 0) {
      reap(prison);
    }
    return !kernel.prisons.containsKey(prison.jid);
  }
}
