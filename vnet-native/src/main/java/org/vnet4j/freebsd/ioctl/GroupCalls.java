// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFGROUPREQ_IFGR_IFGRU;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFGROUPREQ_IFGR_LEN;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFGROUPREQ_SIZE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFG_REQ_SIZE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCAIFGROUP;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCDIFGROUP;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFGROUP;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Memory;

/**
 * Adds interfaces to groups, removes them and lists the groups of an interface. The kernel rejects
 * a group name that ends in a digit.
 */
public final class GroupCalls {
  private final Syscalls kernel;

  public GroupCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Adds an interface to a group. EEXIST: it is already in the group. */
  public void add(int socket, String name, String group) {
    change(socket, SIOCAIFGROUP, "SIOCAIFGROUP", name, group);
  }

  /** Removes an interface from a group. ENOENT: it is not in the group. */
  public void delete(int socket, String name, String group) {
    change(socket, SIOCDIFGROUP, "SIOCDIFGROUP", name, group);
  }

  /** Lists the groups of an interface; the first is {@code all}. */
  public List<String> list(int socket, String name) {
    Memory question = Ifreq.of(name, IFGROUPREQ_SIZE);
    kernel.ioctl(socket, SIOCGIFGROUP, "SIOCGIFGROUP", name, question);
    // Leaves space for a further entry, since a group may be added between the two calls.
    int room = question.getInt(IFGROUPREQ_IFGR_LEN) + IFG_REQ_SIZE;
    Memory names = Memory.allocate(room);
    Memory request =
        Ifreq.of(name, IFGROUPREQ_SIZE)
            .putInt(IFGROUPREQ_IFGR_LEN, room)
            .point(IFGROUPREQ_IFGR_IFGRU, names);
    kernel.ioctl(socket, SIOCGIFGROUP, "SIOCGIFGROUP", name, request);
    List<String> groups = new ArrayList<>();
    for (int at = 0; at + IFG_REQ_SIZE <= room; at += IFG_REQ_SIZE) {
      String group = Ifreq.name(names, at);
      if (!group.isEmpty()) {
        groups.add(group);
      }
    }
    return groups;
  }

  private void change(int socket, long number, String call, String name, String group) {
    Memory request = Ifreq.of(name, IFGROUPREQ_SIZE);
    Ifreq.putName(request, IFGROUPREQ_IFGR_IFGRU, group);
    kernel.ioctl(socket, number, call, name + " " + group, request);
  }
}
