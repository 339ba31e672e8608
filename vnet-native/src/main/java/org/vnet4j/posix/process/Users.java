// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.process;

import java.util.ArrayList;
import java.util.List;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;
import org.vnet4j.posix.helper.Helper;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;
import org.vnet4j.spi.KernelErrors;

/**
 * Looks up users of the machine, in this process: what answers in a jail must not decide who is
 * root. Sources: getpwnam(3), getgrouplist(3).
 */
public final class Users {
  private static final POSIX POSIX = POSIXFactory.getNativePOSIX();
  private static final int GROUPS = 64;
  private static final int MOST_GROUPS = 65536;

  private Users() {}

  /**
   * Looks up a user and its groups; may wait for a name service of the machine.
   *
   * @param name of the user
   * @return its numbers
   * @throws org.vnet4j.VnetException ENOENT of getpwnam(3) if there is no such user
   */
  public static synchronized Helper.User find(String name) { // getpwnam answers in one buffer
    Passwd user = POSIX.getpwnam(name);
    if (user == null) {
      int errno = Errno.here().numberOf("ENOENT");
      throw KernelErrors.of(Errno.here().error("getpwnam", name, errno));
    }
    int gid = (int) user.getGID();
    return new Helper.User.Ids((int) user.getUID(), gid, groups(name, gid));
  }

  private static List<Integer> groups(String name, int gid) {
    Memory user = Memory.of(name);
    for (int room = GROUPS; room <= MOST_GROUPS; room *= 2) {
      Memory groups = Memory.allocate(room * Integer.BYTES);
      Memory count = Memory.ofInt(room);
      int rc = Native.libc().getgrouplist(user.address(), gid, groups.address(), count.address());
      user.keep();
      groups.keep();
      if (rc != -1) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < count.getInt(0); i++) {
          found.add(groups.getInt(i * Integer.BYTES));
        }
        return found;
      }
    }
    int errno = Errno.here().numberOf("E2BIG");
    throw KernelErrors.of(Errno.here().error("getgrouplist", name, errno));
  }
}
