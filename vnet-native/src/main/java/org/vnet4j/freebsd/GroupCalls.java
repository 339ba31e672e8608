// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.InterfaceAbi.IFGROUPREQ_IFGR_IFGRU;
import static org.vnet4j.freebsd.InterfaceAbi.IFGROUPREQ_IFGR_LEN;
import static org.vnet4j.freebsd.InterfaceAbi.IFGROUPREQ_SIZE;
import static org.vnet4j.freebsd.InterfaceAbi.IFG_REQ_SIZE;
import static org.vnet4j.freebsd.InterfaceAbi.SIOCAIFGROUP;
import static org.vnet4j.freebsd.InterfaceAbi.SIOCDIFGROUP;
import static org.vnet4j.freebsd.InterfaceAbi.SIOCGIFGROUP;

import java.util.ArrayList;
import java.util.List;

/**
 * Adds interfaces to groups, removes them and lists the groups of an interface. The kernel rejects
 * a group name that ends in a digit.
 */
final class GroupCalls {
  private final Syscalls kernel;

  GroupCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Adds an interface to a group. EEXIST: it is already in the group. */
  void add(int socket, String name, String group) {
    change(socket, SIOCAIFGROUP, "SIOCAIFGROUP", name, group);
  }

  /** Removes an interface from a group. ENOENT: it is not in the group. */
  void delete(int socket, String name, String group) {
    change(socket, SIOCDIFGROUP, "SIOCDIFGROUP", name, group);
  }

  /** Lists the groups of an interface; the first is {@code all}. */
  List<String> list(int socket, String name) {
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
