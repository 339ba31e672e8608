// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.jail.JailAbi.JAIL_CREATE;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_OWN_DESC;
import static org.vnet4j.freebsd.jail.JailAbi.JAIL_UPDATE;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.jail.JailCalls;
import org.vnet4j.freebsd.jail.JailParameters;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.posix.Failures;
import org.vnet4j.posix.libc.Fd;

/**
 * The jails that the kernel removes when this process ends, even if it is killed. Since FreeBSD 15
 * a descriptor owns such a jail, and the kernel removes the jail when the descriptor is closed.
 * Before 15 the jail is not persistent, and a child process of the helper keeps it alive.
 */
final class TransientJails implements AutoCloseable {
  private static final int FIRST_WITH_DESCRIPTORS = 1_500_000;

  private final FreeBsdKernel session;

  /**
   * The owning descriptor of each jail, the youngest last; null for a jail that a child of the
   * helper keeps.
   */
  private final Map<Integer, @Nullable Fd> held = new LinkedHashMap<>();

  TransientJails(FreeBsdKernel session) {
    this.session = session;
  }

  /** Creates a jail that ends with this process and returns its number. */
  int create(String name, JailParameters parameters) {
    parameters.put("persist", true);
    return session.release() >= FIRST_WITH_DESCRIPTORS
        ? own(name, parameters)
        : anchor(name, parameters);
  }

  private int own(String name, JailParameters parameters) {
    SocketCalls descriptors = session.calls.sockets;
    parameters.room("desc", Integer.BYTES);
    int jid = session.calls.jails.set(JAIL_CREATE | JAIL_OWN_DESC, name, parameters);
    Fd owner = Fd.owning(parameters.getInt("desc"), descriptors::close);
    try {
      descriptors.closeOnExec(parameters.getInt("desc"));
    } catch (RuntimeException e) {
      owner.close();
      throw e;
    }
    hold(jid, owner);
    return jid;
  }

  /**
   * Creates a jail that a child of the helper keeps. The jail persists until the child is in it.
   */
  private int anchor(String name, JailParameters parameters) {
    JailCalls calls = session.calls.jails;
    int jid = calls.set(JAIL_CREATE, name, parameters);
    try {
      session.marks().set(jid, false);
      session.helper().anchor(jid);
      calls.set(JAIL_UPDATE, name, JailParameters.create().put("jid", jid).put("persist", false));
    } catch (RuntimeException e) {
      session.disown(jid);
      Failures.undo(e, () -> calls.remove(jid));
      throw e;
    }
    hold(jid, null);
    return jid;
  }

  private void hold(int jid, @Nullable Fd owner) {
    synchronized (this) {
      held.put(jid, owner);
    }
    session.ends().watch(jid);
  }

  /** Returns whether a jail ends with this process. */
  synchronized boolean has(int jid) {
    return held.containsKey(jid);
  }

  /** Closes the descriptor of a removed jail. The jail would stay dying until then. */
  void release(int jid) {
    Fd owner;
    synchronized (this) {
      owner = held.remove(jid);
    }
    if (owner != null) {
      owner.close();
    }
  }

  /** Lists the jails, the youngest first. */
  synchronized List<Integer> youngestFirst() {
    List<Integer> jids = new ArrayList<>(held.keySet());
    Collections.reverse(jids);
    return jids;
  }

  /** Closes all descriptors. The kernel then removes their jails. */
  @Override
  public void close() {
    Failures failures = new Failures();
    youngestFirst().forEach(jid -> failures.collect(() -> release(jid)));
    failures.report();
  }
}
