// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.MacAddress;

/**
 * Encodes {@code RTM_NEWNEIGH} and {@code RTM_DELNEIGH}, and decodes the entries that this library
 * entered: they carry a protocol number of their own, see {@code NDA_PROTOCOL}.
 */
public final class NeighbourMessages {
  /** A number that no protocol of rtnetlink.h has, as ip-neighbour(8) shows it. */
  private static final int OURS = 0x76;

  private NeighbourMessages() {}

  /** Adds a permanent entry, unless there is an entry for the address already (EEXIST). */
  public static void add(NetlinkWriter out, int index, InetAddress address, MacAddress mac) {
    ndmsg(out, RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, index, address);
    out.attribute(NDA_DST, address.getAddress())
        .attribute(NDA_LLADDR, mac.bytes())
        .attribute8(NDA_PROTOCOL, OURS)
        .end();
  }

  public static void delete(NetlinkWriter out, int index, InetAddress address) {
    ndmsg(out, RTM_DELNEIGH, NLM_F_ACK, index, address);
    out.attribute(NDA_DST, address.getAddress()).end();
  }

  /** Requests the entries of both versions of IP on one interface; older kernels return all. */
  public static void dump(NetlinkWriter out, int index) {
    out.begin(RTM_GETNEIGH, NLM_F_DUMP).u8(AF_UNSPEC).u8(0).u16(0).u32(0);
    out.u16(0).u8(0).u8(0).attribute(NDA_IFINDEX, index).end();
  }

  /** Returns the address of an entry that this library entered on an interface, or else null. */
  public static @Nullable InetAddress ours(
      int index, int type, ByteBuffer buffer, int from, int to) {
    if (type != RTM_NEWNEIGH || buffer.getInt(from + NDM_IFINDEX) != index) {
      return null;
    }
    byte[] address = null;
    boolean ours = false;
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + NDMSG, to);
    while (attribute.next()) {
      if (attribute.type() == NDA_DST) {
        address = attribute.bytes();
      } else if (attribute.type() == NDA_PROTOCOL) {
        ours = attribute.u8() == OURS;
      }
    }
    try {
      return ours && address != null ? InetAddress.getByAddress(address) : null;
    } catch (UnknownHostException e) {
      return null; // the address of another family
    }
  }

  private static void ndmsg(NetlinkWriter out, int type, int flags, int index, InetAddress of) {
    out.begin(type, flags).u8(of instanceof Inet6Address ? AF_INET6 : AF_INET).u8(0).u16(0);
    out.u32(index).u16(NUD_PERMANENT).u8(0).u8(0);
  }
}
