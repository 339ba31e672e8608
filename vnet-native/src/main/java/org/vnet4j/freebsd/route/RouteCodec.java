// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.route;

import static org.vnet4j.freebsd.route.RouteAbi.*;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_INET6;
import static org.vnet4j.freebsd.sys.SocketAbi.AF_LINK;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_DL_SDL_DATA;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCKADDR_SA_DATA;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.ioctl.Ifreq;
import org.vnet4j.freebsd.ioctl.InterfaceData;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.posix.libc.Memory;

/** Decodes the messages of a routing socket and of the system variables that list routes. */
public final class RouteCodec {
  private static final int ALIGNMENT = 8;

  private RouteCodec() {}

  /** Returns the space in bytes that an address of the given length occupies in a message. */
  static int room(int length) {
    return length == 0 ? ALIGNMENT : (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Decodes a sequence of messages. Stops at a truncated message. */
  public static List<RouteMessage> decode(Memory memory, int length) {
    List<RouteMessage> messages = new ArrayList<>();
    int at = 0;
    while (at + RT_MSGHDR_RTM_TYPE < length) {
      int size = memory.getShort(at + RT_MSGHDR_RTM_MSGLEN);
      if (size <= RT_MSGHDR_RTM_TYPE || at + size > length) {
        break;
      }
      messages.add(message(Memory.of(memory.get(at, size))));
      at += size;
    }
    return messages;
  }

  private static RouteMessage message(Memory memory) {
    int type = memory.getByte(RT_MSGHDR_RTM_TYPE);
    if (memory.getByte(RT_MSGHDR_RTM_VERSION) != RTM_VERSION || memory.size() < least(type)) {
      return new RouteMessage.Other(type);
    }
    return switch (type) {
      case RTM_ADD, RTM_DELETE, RTM_CHANGE, RTM_GET, RTM_LOSING, RTM_REDIRECT, RTM_MISS ->
          route(type, memory);
      case RTM_IFINFO ->
          new RouteMessage.InterfaceChange(
              type,
              memory.getShort(IF_MSGHDR_IFM_INDEX),
              memory.getInt(IF_MSGHDR_IFM_FLAGS),
              InterfaceData.decode(memory, IF_MSGHDR_IFM_DATA));
      case RTM_IFANNOUNCE ->
          new RouteMessage.InterfaceMove(
              type,
              memory.getShort(IF_ANNOUNCEMSGHDR_IFAN_INDEX),
              Ifreq.name(memory, IF_ANNOUNCEMSGHDR_IFAN_NAME),
              memory.getShort(IF_ANNOUNCEMSGHDR_IFAN_WHAT) == IFAN_ARRIVAL);
      case RTM_NEWADDR, RTM_DELADDR, RTM_NEWMADDR, RTM_DELMADDR -> address(type, memory);
      default -> new RouteMessage.Other(type);
    };
  }

  private static int least(int type) {
    return switch (type) {
      case RTM_IFINFO -> IF_MSGHDR_SIZE;
      case RTM_IFANNOUNCE -> IF_ANNOUNCEMSGHDR_SIZE;
      // The header of a multicast address lacks the last field.
      case RTM_NEWADDR, RTM_DELADDR -> IFA_MSGHDR_SIZE;
      case RTM_NEWMADDR, RTM_DELMADDR -> IFA_MSGHDR_IFAM_METRIC;
      default -> RT_MSGHDR_SIZE;
    };
  }

  private static RouteMessage route(int type, Memory memory) {
    Addresses addresses = new Addresses(memory, RT_MSGHDR_SIZE, memory.getInt(RT_MSGHDR_RTM_ADDRS));
    InetAddress destination = addresses.inet(RTA_DST).orElse(null);
    return new RouteMessage.Route(
        type,
        memory.getShort(RT_MSGHDR_RTM_INDEX),
        memory.getInt(RT_MSGHDR_RTM_FLAGS),
        memory.getInt(RT_MSGHDR_RTM_PID),
        memory.getInt(RT_MSGHDR_RTM_SEQ),
        memory.getInt(RT_MSGHDR_RTM_ERRNO),
        (int) memory.getLong(RT_MSGHDR_RTM_RMX + RT_METRICS_RMX_MTU),
        destination,
        addresses.prefixLength(destination),
        addresses.inet(RTA_GATEWAY),
        addresses.link(RTA_IFP).map(SocketAddress.LinkAddress::name).filter(n -> !n.isEmpty()),
        addresses.inet(RTA_IFA));
  }

  private static RouteMessage address(int type, Memory memory) {
    boolean multicast = type == RTM_NEWMADDR || type == RTM_DELMADDR;
    Addresses addresses =
        new Addresses(
            memory,
            multicast ? IFA_MSGHDR_IFAM_METRIC : IFA_MSGHDR_SIZE,
            memory.getInt(IFA_MSGHDR_IFAM_ADDRS));
    Optional<InetAddress> address = addresses.inet(RTA_IFA);
    return new RouteMessage.AddressChange(
        type,
        memory.getShort(IFA_MSGHDR_IFAM_INDEX),
        memory.getInt(IFA_MSGHDR_IFAM_FLAGS),
        address,
        addresses.prefixLength(address.orElse(null)),
        addresses.link(RTA_IFP).flatMap(SocketAddress.LinkAddress::mac));
  }

  /** The addresses after a message header, found by their bits. */
  private static final class Addresses {
    private final Memory memory;
    private final int[] offsets = new int[RTAX_MAX];

    Addresses(Memory memory, int offset, int present) {
      this.memory = memory;
      int at = offset;
      for (int i = 0; i < RTAX_MAX; i++) {
        offsets[i] = -1;
        if ((present & 1 << i) != 0 && at + SOCKADDR_SA_DATA <= memory.size()) {
          int end = at + SocketAddress.length(memory, at);
          if (end > memory.size()) {
            return;
          }
          offsets[i] = at;
          at += room(SocketAddress.length(memory, at));
        }
      }
    }

    private int offset(int bit) {
      return offsets[Integer.numberOfTrailingZeros(bit)];
    }

    Optional<InetAddress> inet(int bit) {
      return offset(bit) < 0 ? Optional.empty() : SocketAddress.get(memory, offset(bit));
    }

    Optional<SocketAddress.LinkAddress> link(int bit) {
      int at = offset(bit);
      return at < 0
              || SocketAddress.family(memory, at) != AF_LINK
              || SocketAddress.length(memory, at) < SOCKADDR_DL_SDL_DATA
          ? Optional.empty()
          : Optional.of(SocketAddress.link(memory, at));
    }

    /** Returns the prefix length of the mask. The mask may lack its family; the address has it. */
    Optional<Integer> prefixLength(@Nullable InetAddress address) {
      int at = offset(RTA_NETMASK);
      if (at < 0 || address == null) {
        return Optional.empty();
      }
      boolean ipv6 =
          address instanceof Inet6Address || SocketAddress.family(memory, at) == AF_INET6;
      return SocketAddress.prefixLength(memory, at, ipv6);
    }
  }
}
