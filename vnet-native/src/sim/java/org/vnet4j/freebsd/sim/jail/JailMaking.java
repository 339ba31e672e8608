// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.jail;

import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.Descriptor;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Prison;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.SysError;

/**
 * jail_set(2): creates and changes jails. Its checks have the order of kern_jail_set in
 * kern/kern_jail.c.
 */
public final class JailMaking {
  private static final String[] NUMBERS = {
    "securelevel", "children.max", "enforce_statfs", "devfs_ruleset"
  };
  private static final String[] TEXTS = {
    "host.hostname", "host.domainname", "host.hostuuid", "meta", "env"
  };

  private final SimKernel kernel;
  private int lastJid;

  public JailMaking(SimKernel kernel) {
    this.kernel = kernel;
  }

  public int set(SimProcess process, JailOptions options, int flags) {
    final boolean create = (flags & FreeBsdAbi.constant("JAIL_CREATE")) != 0;
    final boolean update = (flags & FreeBsdAbi.constant("JAIL_UPDATE")) != 0;
    final boolean attach = (flags & FreeBsdAbi.constant("JAIL_ATTACH")) != 0;
    final int descriptors =
        FreeBsdAbi.constant("JAIL_GET_DESC") | FreeBsdAbi.constant("JAIL_OWN_DESC");
    boolean known = kernel.release().hasJailDescriptors();
    if ((flags & ~FreeBsdAbi.constant("JAIL_SET_MASK")) != 0
        || !known && (flags & descriptors) != 0) {
      throw new SysError("EINVAL");
    }
    if (process.prison.jid != 0 && childMax(process.prison) == 0) {
      throw new SysError("EPERM");
    }
    if (!create && !update) {
      throw new SysError("EINVAL", "no valid operation (create or update)");
    }
    Integer descriptor = options.number("desc");
    if (descriptor == null && (flags & descriptors) != 0) {
      throw new SysError("ENOENT", "missing desc");
    }
    if (descriptor != null && (flags & descriptors) == 0) {
      throw new SysError("EINVAL", "unexpected desc");
    }
    process.checkRoot();
    final Wishes wishes =
        new Wishes(options, kernel.sysctls.variables.get("kern.features.vimage") != 0);
    if (create && !attach && !wishes.persist) {
      throw new SysError("EINVAL", "new jail must persist or attach");
    }
    if (update && wishes.vnet != null) {
      throw new SysError("EINVAL", "vnet cannot be changed after creation");
    }
    String path = options.text("path", 1024);
    if (path != null && update) {
      throw new SysError("EINVAL", "path cannot be changed after creation");
    }
    if (path != null && !kernel.directories.contains(path)) {
      throw new SysError("ENOENT");
    }
    Prison prison = find(process.prison, wishes, create, update);
    boolean created = prison == null;
    if (created) {
      prison = make(process.prison, wishes, options);
    } else {
      options.checkAllSeen();
    }
    apply(prison, wishes, options, path);
    if (created) {
      kernel.tell(prison.parent, "NOTE_JAIL_CHILD", prison.jid);
    } else {
      kernel.tell(prison, "NOTE_JAIL_SET", 0);
    }
    if (descriptor != null) {
      boolean owning = (flags & FreeBsdAbi.constant("JAIL_OWN_DESC")) != 0;
      options.answer("desc", process.open(new Descriptor.OfJail(prison, owning)));
      options.copyOut();
    }
    if (attach) {
      process.attach(prison);
    }
    return prison.jid;
  }

  private @Nullable Prison find(Prison from, Wishes wishes, boolean create, boolean update) {
    boolean onlyCreate = create && !update;
    Prison found = null;
    if (onlyCreate && wishes.jid == 0 && wishes.name != null) {
      String last = wishes.name.substring(wishes.name.lastIndexOf('.') + 1);
      wishes.jid = last.matches("[0-9]{1,9}") ? Integer.parseInt(last) : 0;
    }
    if (wishes.jid < 0) {
      throw new SysError("EINVAL", "negative jid");
    }
    if (wishes.jid != 0) {
      Prison there = kernel.prisons.get(wishes.jid);
      found = there != null && there.alive ? there : null;
      if (onlyCreate && found != null) {
        throw new SysError("EEXIST", "jail " + wishes.jid + " already exists");
      }
      if (found == null ? !create : !found.isBelow(from)) {
        throw new SysError("ENOENT", "jail " + wishes.jid + " not found");
      }
    }
    if (wishes.name == null) {
      if (!create && found == null) {
        throw new SysError("ENOENT", "update specified no jail");
      }
      return found;
    }
    int dot = wishes.name.lastIndexOf('.');
    if (dot >= 0 && found == null) {
      String parent = wishes.name.substring(0, dot);
      wishes.parent = kernel.jails.findByName(from, parent);
      if (wishes.parent == null) {
        throw new SysError("ENOENT", "jail \"" + parent + "\" not found");
      }
      if (!wishes.parent.alive) {
        throw new SysError("ENOENT", "jail \"" + parent + "\" is dying");
      }
    }
    Prison sibling = kernel.jails.findByName(from, wishes.name);
    if (sibling != null && sibling.alive && sibling != found) {
      if (onlyCreate || found != null) {
        throw new SysError("EEXIST", "jail \"" + wishes.name + "\" already exists");
      }
      found = sibling;
    }
    if (found == null && !create) {
      throw new SysError("ENOENT", "jail \"" + wishes.name + "\" not found");
    }
    return found;
  }

  private Prison make(Prison from, Wishes wishes, JailOptions options) {
    for (Prison p = from; p != null; p = p.parent) {
      if (p.jid != 0 && p.descendants() >= childMax(p)) {
        throw new SysError("EPERM", "prison limit exceeded");
      }
    }
    int jid = wishes.jid;
    while (jid == 0 || wishes.jid == 0 && kernel.prisons.containsKey(jid)) {
      jid = ++lastJid;
    }
    options.checkAllSeen();
    Prison parent = wishes.parent == null ? from : wishes.parent;
    Integer children = options.number("children.max");
    if (children != null && children >= childMax(parent)) {
      throw new SysError("EPERM");
    }
    String own = wishes.name == null ? Integer.toString(jid) : wishes.name;
    own = own.substring(own.lastIndexOf('.') + 1);
    String name = parent.jid == 0 ? own : parent.name + "." + own;
    boolean vnet = wishes.vnet != null && wishes.vnet == FreeBsdAbi.constant("JAIL_SYS_NEW");
    Stack stack = vnet ? kernel.newStack(name) : null;
    Prison prison = new Prison(kernel, parent, jid, name, stack);
    prison.values.put("path", "/");
    prison.values.put("children.max", 0);
    prison.values.put("enforce_statfs", 2);
    prison.values.put("devfs_ruleset", 0);
    prison.values.put("securelevel", -1);
    for (String text : TEXTS) {
      prison.values.put(text, "");
    }
    for (String system : JailParameterTable.JAILSYS) {
      prison.values.put(system, FreeBsdAbi.constant("JAIL_SYS_INHERIT"));
    }
    for (String allow : JailParameterTable.ALLOW) {
      boolean first = JailParameterTable.ALLOWED_AT_FIRST.contains(allow);
      prison.values.put("allow." + allow, first);
    }
    kernel.prisons.put(jid, prison);
    return prison;
  }

  private static void apply(
      Prison prison, Wishes wishes, JailOptions options, @Nullable String path) {
    prison.persist = wishes.persist || prison.persist && !wishes.noPersist;
    if (path != null) {
      prison.values.put("path", path);
    }
    for (String name : NUMBERS) {
      Integer value = options.number(name);
      if (value != null) {
        prison.values.put(name, value);
      }
    }
    for (String name : TEXTS) {
      String value = options.text(name, 4096);
      if (value != null) {
        prison.values.put(name, value);
      }
    }
    for (String name : JailParameterTable.ALLOW) {
      if (options.flag("allow." + name)) {
        prison.values.put("allow." + name, true);
      } else if (options.flag("allow.no" + name)) {
        prison.values.put("allow." + name, false);
      }
    }
    if (wishes.noPersist) {
      prison.kernel.jails.processLeft(prison);
    }
  }

  private static int childMax(Prison prison) {
    return prison.jid == 0 ? 999_999 : (Integer) prison.values.get("children.max");
  }

  /** The parameters of a call, all decoded and checked before any jail is searched for. */
  private static final class Wishes {
    final boolean persist;
    final boolean noPersist;
    final @Nullable Integer vnet;
    final @Nullable String name;
    int jid;
    @Nullable Prison parent;

    Wishes(JailOptions options, boolean hasVnet) {
      Integer number = options.number("jid");
      jid = number == null ? 0 : number;
      for (String known : NUMBERS) {
        options.number(known);
      }
      persist = options.flag("persist");
      noPersist = options.flag("nopersist");
      vnet = hasVnet ? jailsys(options, "vnet", false) : null;
      jailsys(options, "host", false);
      jailsys(options, "ip4", true);
      jailsys(options, "ip6", true);
      for (String allow : JailParameterTable.ALLOW) {
        options.flag("allow." + allow);
        options.flag("allow.no" + allow);
      }
      name = options.text("name", FreeBsdAbi.constant("MAXHOSTNAMELEN"));
      for (String text : TEXTS) {
        options.text(text, 4096);
      }
    }

    private static @Nullable Integer jailsys(JailOptions options, String name, boolean canBeOff) {
      Integer value = options.number(name);
      if (value != null && (value < 0 || value > 2 || value == 0 && !canBeOff)) {
        throw new SysError("EINVAL");
      }
      return value;
    }
  }
}
