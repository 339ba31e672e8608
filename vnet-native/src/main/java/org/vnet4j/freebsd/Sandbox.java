// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.jail.JailAbi.JAIL_SYS_NEW;

import org.vnet4j.freebsd.jail.JailParameters;
import org.vnet4j.freebsd.sys.FreeBsdErrors;

/**
 * A jail with a stack of its own that serves as the host stack. The kernel removes it and all jails
 * in it when this process ends, even if it is killed.
 */
final class Sandbox implements AutoCloseable {
  private final FreeBsdKernel session;
  private final int jid;
  private final String name;

  private Sandbox(FreeBsdKernel session, int jid, String name) {
    this.session = session;
    this.jid = jid;
    this.name = name;
  }

  static Sandbox create(FreeBsdKernel session) {
    String name = "vnet4j-" + session.owner().replaceAll("[./]", "-");
    JailParameters parameters =
        JailParameters.create()
            .put("name", name)
            .put("vnet", JAIL_SYS_NEW)
            .put("children.max", session.jails().roomIn(""));
    session.marks().put(parameters, null, false);
    int jid = FreeBsdErrors.ofJail(() -> session.jails().transients().create(name, parameters));
    return new Sandbox(session, jid, name);
  }

  int jid() {
    return jid;
  }

  /** Returns the prefix of the names of all jails in the sandbox. */
  String prefix() {
    return name + ".";
  }

  /** Removes the sandbox and all jails in it. Its sockets must be closed before. */
  @Override
  public void close() {
    session.jails().removeNow(jid);
  }

  @Override
  public String toString() {
    return "sandbox " + name;
  }
}
