// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.Ifreq.VALUE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFNAMSIZ;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_CLONEREQ_IFCR_BUFFER;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_CLONEREQ_IFCR_COUNT;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_CLONEREQ_IFCR_TOTAL;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_CLONEREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCIFCREATE2;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCIFDESTROY;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCIFGCLONERS;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/** Creates and destroys interfaces and lists the kinds that can be created, see net/if_clone.c. */
public final class CloneCalls {
  private final Syscalls kernel;

  public CloneCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /**
   * Creates an interface in the socket's stack and returns its name.
   *
   * @param kind {@code epair} for the next free number, {@code epair7} for number 7
   */
  public String create(int socket, String kind) {
    return create(socket, kind, null);
  }

  /**
   * Creates an interface as {@link #create(int, String)} does, with the parameters that some kinds
   * take.
   */
  public String create(int socket, String kind, @Nullable Memory parameters) {
    Memory request = Ifreq.of(kind);
    if (parameters != null) {
      request.point(VALUE, parameters);
    }
    kernel.ioctl(socket, SIOCIFCREATE2, "SIOCIFCREATE2", kind, request);
    return Ifreq.name(request, 0);
  }

  /**
   * Destroys an interface. Destroying one end of an epair destroys both, in whichever stacks they
   * are.
   */
  public void destroy(int socket, String name) {
    kernel.ioctl(socket, SIOCIFDESTROY, "SIOCIFDESTROY", name, Ifreq.of(name));
  }

  /** Lists the kinds of interfaces that this stack can create. */
  public List<String> kinds(int socket) {
    int room = 0;
    while (true) {
      Memory names = Memory.allocate(room * IFNAMSIZ);
      Memory request =
          Memory.allocate(IF_CLONEREQ_SIZE)
              .putInt(IF_CLONEREQ_IFCR_COUNT, room)
              .point(IF_CLONEREQ_IFCR_BUFFER, names);
      if (room == 0) {
        request.putLong(IF_CLONEREQ_IFCR_BUFFER, 0);
      }
      kernel.ioctl(socket, SIOCIFGCLONERS, "SIOCIFGCLONERS", "all kinds", request);
      int total = request.getInt(IF_CLONEREQ_IFCR_TOTAL);
      if (total <= room) {
        List<String> kinds = new ArrayList<>();
        for (int i = 0; i < total; i++) {
          kinds.add(Ifreq.name(names, i * IFNAMSIZ));
        }
        return kinds;
      }
      room = total;
    }
  }
}
