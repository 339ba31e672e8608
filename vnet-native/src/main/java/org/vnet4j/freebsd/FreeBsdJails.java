// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.jail.JailAbi.JAIL_CREATE;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_DYING;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_UPDATE;
import static org.vnet4j.freebsd.jail.JailAbi.MAXHOSTNAMELEN;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.sys.KernelAbi.MAXPATHLEN;
import static org.vnet4j.net.Errno.EINVAL;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Jail;
import org.vnet4j.JailInfo;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.jail.JailParameters;
import org.vnet4j.freebsd.jail.JailSpecEncoder;
import org.vnet4j.freebsd.jail.KqueueJailWatch;
import org.vnet4j.freebsd.sys.FreeBsdErrors;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.spi.JailDriver;
import org.vnet4j.spi.JailSpec;
import org.vnet4j.spi.JailWatch;
import org.vnet4j.spi.Kernel;

/**
 * Creates, finds, changes and removes the jails below the host by jail(2). In a sandbox their names
 * are relative to it.
 */
final class FreeBsdJails implements JailDriver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FreeBsdJails.class);
  private static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final int LONGEST_NAP = 20;

  /** {@code children.max} of a host that is not a jail. */
  private static final int JAIL_MAX = 999_999;

  private final FreeBsdKernel session;
  private final JailCalls calls;
  private final TransientJails transients;

  FreeBsdJails(FreeBsdKernel session) {
    this.session = session;
    this.calls = session.calls.jails;
    this.transients = new TransientJails(session);
  }

  TransientJails transients() {
    return transients;
  }

  private String prefix() {
    Sandbox box = session.sandbox();
    return box == null ? "" : box.prefix();
  }

  @Override
  public int create(JailSpec spec) {
    String name = prefix() + spec.name();
    String parent = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    int children =
        FreeBsdErrors.ofJail(
            () -> spec.childrenMax() == 0 ? 0 : Math.min(spec.childrenMax(), roomIn(parent)));
    JailParameters parameters =
        new JailSpecEncoder(session.kernel()).parameters(spec, name, children);
    session.marks().put(parameters, spec.parameters().get("meta"), spec.persist());
    return FreeBsdErrors.ofJail(
        () -> spec.persist() ? persistent(name, parameters) : transients.create(name, parameters));
  }

  private int persistent(String name, JailParameters parameters) {
    int jid = calls.set(JAIL_CREATE, name, parameters.put("persist", true));
    try {
      session.marks().set(jid, true);
      return jid;
    } catch (RuntimeException e) {
      session.disown(jid);
      Failures.undo(e, () -> calls.remove(jid));
      throw e;
    }
  }

  /**
   * Returns the largest {@code children.max} that a new jail may have. The kernel requires a value
   * below its parent's and otherwise fails with EPERM ({@code kern_jail_set}).
   *
   * @param parent full name of the parent, empty for the jail of this process
   */
  int roomIn(String parent) {
    int room;
    if (parent.isEmpty()) {
      room = session.calls.sysctl.findInt("security.jail.children.max").orElse(JAIL_MAX);
    } else {
      JailParameters jail =
          JailParameters.create().put("name", parent).room("children.max", Integer.BYTES);
      room = calls.find(0, "jail " + parent, jail).isPresent() ? jail.getInt("children.max") : 1;
    }
    return Math.max(0, room - 1);
  }

  @Override
  public List<JailInfo> list() {
    List<JailInfo> jails = new ArrayList<>();
    for (int jid : FreeBsdErrors.ofJail(() -> calls.list(false))) {
      find(jid).ifPresent(jails::add);
    }
    return jails;
  }

  @Override
  public Optional<JailInfo> find(int jid) {
    if (jid <= 0) {
      return Optional.empty();
    }
    Optional<JailInfo> info = FreeBsdErrors.ofJail(() -> read(jid));
    if (info.isEmpty()) {
      letGo(jid);
    }
    return info.filter(jail -> jail.name().startsWith(prefix())).map(this::relative);
  }

  /**
   * Releases the descriptors and sockets held of a removed jail. The jail stays dying until then.
   */
  void letGo(int jid) {
    session.disown(jid);
    session.moves().forget(jid);
    transients.release(jid);
  }

  /** Returns the jails of which this session holds descriptors or sockets. */
  Set<Integer> held() {
    Set<Integer> held = new HashSet<>(session.known());
    held.addAll(transients.youngestFirst());
    return held;
  }

  /**
   * Returns whether this session holds descriptors or sockets of a removed jail. Returns false if
   * the kernel's answer is an error.
   */
  boolean isHeldAndGone(int jid) {
    try {
      return (session.knows(jid) || transients.has(jid)) && !isThere(jid);
    } catch (VnetException e) {
      return false;
    }
  }

  @Override
  public Optional<JailInfo> find(String name) {
    String whole = prefix() + name;
    OptionalInt jid =
        FreeBsdErrors.ofJail(
            () -> calls.find(0, "jail " + whole, JailParameters.create().put("name", whole)));
    return jid.isEmpty() ? Optional.empty() : find(jid.getAsInt());
  }

  private Optional<JailInfo> read(int jid) {
    JailParameters jail =
        JailParameters.create()
            .put("jid", jid)
            .room("name", MAXHOSTNAMELEN)
            .room("host.hostname", MAXHOSTNAMELEN)
            .room("path", MAXPATHLEN)
            .room("cpuset.id", Integer.BYTES)
            .room("persist", Integer.BYTES)
            .room("children.cur", Integer.BYTES)
            .room("children.max", Integer.BYTES);
    if (calls.find(0, "jail " + jid, jail).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new JailInfo(
            jid,
            jail.getString("name"),
            jail.getString("host.hostname"),
            jail.getString("path"),
            false,
            OptionalInt.of(jail.getInt("cpuset.id")),
            jail.getBoolean("persist") && !transients.has(jid),
            jail.getInt("children.cur"),
            jail.getInt("children.max")));
  }

  private JailInfo relative(JailInfo jail) {
    return new JailInfo(
        jail.jid(),
        jail.name().substring(prefix().length()),
        jail.hostname(),
        jail.path(),
        jail.dying(),
        jail.cpuset(),
        jail.persist(),
        jail.childrenCur(),
        jail.childrenMax());
  }

  @Override
  public JailWatch watch() {
    return KqueueJailWatch.of(session.kernel());
  }

  @Override
  public void hostname(int jid, String hostname) {
    JailInfo jail = found(jid);
    FreeBsdErrors.ofJail(
        () ->
            calls.set(
                JAIL_UPDATE,
                "jail " + jail.name(),
                JailParameters.create().put("jid", jid).put("host.hostname", hostname)));
  }

  /**
   * Returns a jail of this Vnet.
   *
   * @throws Jail.NotFoundException if the jail does not exist
   */
  JailInfo found(int jid) {
    return find(jid).orElseThrow(() -> gone(jid));
  }

  Jail.NotFoundException gone(int jid) {
    return new Jail.NotFoundException(
        Errno.FREEBSD.error("jail_get", "jail " + jid, ENOENT, "the jail was removed"));
  }

  /** Returns whether a jail exists and is not dying. 0 is the jail of this process. */
  boolean isThere(int real) {
    return real == 0 || isThere(real, 0);
  }

  private boolean isThere(int real, int flags) {
    JailParameters jail = JailParameters.create().put("jid", real);
    return calls.find(flags, "jail " + real, jail).isPresent();
  }

  /** Returns the descendants of a jail, the deepest first, and then the jail itself. */
  private List<JailInfo> doomed(JailInfo jail) {
    List<JailInfo> doomed = new ArrayList<>();
    list().stream()
        .filter(other -> other.name().startsWith(jail.name() + "."))
        .sorted(Comparator.comparingInt((JailInfo one) -> one.name().length()).reversed())
        .forEach(doomed::add);
    doomed.add(jail);
    return doomed;
  }

  /**
   * Removes a jail and its descendants. Lent interfaces are returned home first: the kernel would
   * return them too, but later and under a name that may be taken there.
   */
  @Override
  public void remove(int jid, Consumer<Returned> cameHome) {
    List<JailInfo> doomed = doomed(found(jid));
    List<Integer> jids = doomed.stream().map(JailInfo::jid).toList();
    for (int one : jids) {
      session.moves().sendHome(session.stack(one), jids, cameHome);
    }
    List<Runnable> reverts = new ArrayList<>();
    try {
      jids.forEach(one -> session.stack(one).deferredActions().forget(reverts::add));
      jids.forEach(session::disown);
      FreeBsdErrors.ofJail(
          () -> {
            calls.remove(jid);
            return jid;
          });
    } catch (RuntimeException e) {
      reverts.forEach(revert -> Failures.undo(e, revert));
      throw e;
    }
    jids.forEach(session::disown); // another thread may have opened sockets in the jail meanwhile
    Failures failures = new Failures();
    jids.forEach(one -> failures.collect(() -> transients.release(one)));
    jids.forEach(one -> failures.collect(() -> awaitEnd(one)));
    failures.collect(() -> awaitNoStrays(jids));
    failures.report();
  }

  /**
   * Removes a jail and its descendants without returning lent interfaces home. No error if the jail
   * does not exist.
   */
  void removeNow(int jid) {
    try {
      calls.remove(jid);
    } catch (VnetException e) {
      if (!e.isErrno(EINVAL)) {
        throw FreeBsdErrors.ofJail(e);
      }
    } finally {
      transients.release(jid);
    }
    awaitEnd(jid);
  }

  /**
   * Waits until a removed jail is no longer dying, that is until its last socket is closed. This
   * session's sockets are closed. A socket held by the user or by another program is waited for
   * five seconds at most; an interrupted thread does not wait.
   */
  private void awaitEnd(int jid) {
    await(
        () -> isDying(jid),
        () ->
            LOG.warn(
                "jail {} was removed, and is dying still: somebody holds a socket of it", jid));
  }

  private static void await(BooleanSupplier unfinished, Runnable whenLate) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    int nap = 1;
    while (unfinished.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        whenLate.run();
        return;
      }
      try {
        Thread.sleep(nap);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      nap = Math.min(2 * nap, LONGEST_NAP);
    }
  }

  /**
   * Waits until the kernel has destroyed the interfaces of removed jails that are in other stacks.
   * It forgets a jail before it takes the jail's stack apart, which may happen in another thread
   * ({@code prison_deref} in kern/kern_jail.c).
   */
  private void awaitNoStrays(List<Integer> removed) {
    await(
        () -> haveStrays(removed),
        () -> LOG.warn("jails {} were removed, but not the interfaces they made", removed));
    removed.forEach(session.moves()::forget);
  }

  /** As {@link InterfaceMoves#haveStrays}. If the kernel's answer is an error, returns false. */
  private boolean haveStrays(List<Integer> removed) {
    try {
      return session.moves().haveStrays(removed);
    } catch (VnetException e) {
      LOG.warn("jails {} were removed; what they made may be left: {}", removed, e.toString());
      return false;
    }
  }

  /**
   * Returns whether a jail is dying. If the kernel's answer is an error, logs it and returns false:
   * the jail is removed in any case.
   */
  private boolean isDying(int jid) {
    try {
      return FreeBsdErrors.ofJail(() -> isThere(jid, JAIL_DYING));
    } catch (VnetException e) {
      LOG.warn(
          "jail {} was removed; whether it is dying still is not known: {}", jid, e.toString());
      return false;
    }
  }

  /** Removes the jails that this Vnet created and that do not persist, the youngest first. */
  void removeTransient() {
    Failures failures = new Failures();
    for (int jid : transients.youngestFirst()) {
      failures.collect(
          () -> {
            if (find(jid).isPresent()) {
              remove(jid, home -> {});
            }
          });
    }
    failures.report();
  }

  /** Returns the given jail if it exists, otherwise the host stack. */
  int orHost(int jid) {
    return jid != Kernel.HOST && find(jid).isPresent() ? jid : Kernel.HOST;
  }

  /**
   * Closes the descriptors of the jails that could not be removed. The kernel then removes those
   * jails.
   */
  @Override
  public void close() {
    transients.close();
  }
}
