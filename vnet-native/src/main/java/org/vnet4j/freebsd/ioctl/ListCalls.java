// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFCONF_IFC_IFCU;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFCONF_IFC_LEN;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFCONF_SIZE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IFNAMSIZ;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.SIOCGIFCONF;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_LINK;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_SIZE;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.libc.Memory;

/**
 * Lists the interfaces of a socket's stack with their addresses. The system variables and
 * getifaddrs(3) would list those of the calling thread's stack.
 */
public final class ListCalls {
  /** The largest entry in bytes. An answer that leaves that much of the buffer free is complete. */
  private static final int LONGEST = IFNAMSIZ + 255;

  private final Syscalls kernel;

  public ListCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Lists all interfaces in the kernel's order. */
  public List<ListedInterface> list(int socket) {
    int room = 4096;
    while (true) {
      Memory entries = Memory.allocate(room);
      Memory request =
          Memory.allocate(IFCONF_SIZE).putInt(IFCONF_IFC_LEN, room).point(IFCONF_IFC_IFCU, entries);
      kernel.ioctl(socket, SIOCGIFCONF, "SIOCGIFCONF", "all interfaces", request);
      int length = request.getInt(IFCONF_IFC_LEN);
      if (length + LONGEST <= room) {
        return decode(entries, length);
      }
      room *= 4;
    }
  }

  /**
   * Decodes entries of a name and an address. A short address takes up the size of a plain
   * sockaddr.
   */
  public static List<ListedInterface> decode(Memory entries, int length) {
    Map<String, ListedInterface> byName = new LinkedHashMap<>();
    int at = 0;
    while (at + IFNAMSIZ + SOCKADDR_SIZE <= length) {
      String name = Ifreq.name(entries, at);
      int address = at + IFNAMSIZ;
      int size = Math.max(SocketAddress.length(entries, address), SOCKADDR_SIZE);
      if (address + size > length) {
        break;
      }
      ListedInterface listed = byName.computeIfAbsent(name, ListedInterface::unknown);
      if (SocketAddress.family(entries, address) == AF_LINK) {
        byName.put(name, listed.with(SocketAddress.link(entries, address)));
      } else {
        SocketAddress.get(entries, address).ifPresent(listed.addresses()::add);
      }
      at = address + size;
    }
    return List.copyOf(byName.values());
  }

  /**
   * An interface in the listing.
   *
   * @param name unique in its stack
   * @param index unique on the machine
   * @param type IFT_ETHER and others
   * @param mac the current address, if it has one
   * @param addresses in the order in which they were added; link-local addresses with their scope
   */
  public record ListedInterface(
      String name, int index, int type, Optional<MacAddress> mac, List<InetAddress> addresses) {

    private static ListedInterface unknown(String name) {
      return new ListedInterface(name, 0, 0, Optional.empty(), new ArrayList<>());
    }

    private ListedInterface with(SocketAddress.LinkAddress link) {
      return new ListedInterface(name, link.index(), link.type(), link.mac(), addresses);
    }
  }
}
