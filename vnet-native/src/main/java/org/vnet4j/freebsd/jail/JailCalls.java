// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.vnet4j.freebsd.jail.JailAbi.JAIL_DYING;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/**
 * The system calls on jails, see jail(2). They affect only jails below the jail of the calling
 * process.
 */
public final class JailCalls {
  private final Syscalls kernel;

  public JailCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Creates or changes a jail and returns its number. */
  public int set(int flags, String subject, JailParameters parameters) {
    Memory vector = parameters.vector();
    long rc =
        kernel.attempt(
            () -> kernel.libc().jail_set(vector.address(), parameters.count(), flags), vector);
    return jid("jail_set", subject, rc, parameters);
  }

  /** Reads parameters of the jail that {@code jid}, {@code name} or {@code lastjid} identifies. */
  public int get(int flags, String subject, JailParameters parameters) {
    return jid("jail_get", subject, query(flags, parameters), parameters);
  }

  /** Reads parameters as {@link #get} does; empty if the jail does not exist. */
  public OptionalInt find(int flags, String subject, JailParameters parameters) {
    long rc = query(flags, parameters);
    return rc == -ENOENT
        ? OptionalInt.empty()
        : OptionalInt.of(jid("jail_get", subject, rc, parameters));
  }

  private long query(int flags, JailParameters parameters) {
    Memory vector = parameters.vector();
    return kernel.attempt(
        () -> kernel.libc().jail_get(vector.address(), parameters.count(), flags), vector);
  }

  /**
   * Removes a jail and all its descendants. The kernel destroys its stack later, when the last
   * socket is closed.
   */
  public void remove(int jid) {
    kernel.check("jail_remove", "jail " + jid, () -> kernel.libc().jail_remove(jid), null);
  }

  /** Lists the jails that this process can see, in the order of their numbers. */
  public List<Integer> list(boolean dyingToo) {
    int flags = dyingToo ? JAIL_DYING : 0;
    List<Integer> jids = new ArrayList<>();
    int last = 0;
    while (true) {
      JailParameters next = JailParameters.create().put("lastjid", last);
      OptionalInt found = find(flags, "after jail " + last, next);
      if (found.isEmpty()) {
        return jids;
      }
      last = found.getAsInt();
      jids.add(last);
    }
  }

  private static int jid(String call, String subject, long rc, JailParameters parameters) {
    if (rc < 0) {
      throw refusal(call, subject, (int) -rc, parameters);
    }
    return (int) rc;
  }

  private static VnetException refusal(
      String call, String subject, int errno, JailParameters parameters) {
    return Syscalls.refusal(call, subject, errno, parameters.words());
  }
}
