// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.netlink.Netlink.NLM_F_DUMP;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkWriter;

/**
 * Encodes {@code RTM_GETNEIGHTBL} and decodes its replies: the tables of neighbours, which all
 * namespaces of a machine share. See net/core/neighbour.c.
 */
public final class NeighbourTableMessages {
  private NeighbourTableMessages() {}

  /** Requests the table of one family, and its parameters for each interface. */
  public static void dump(NetlinkWriter out, boolean ipv6) {
    out.begin(RTM_GETNEIGHTBL, NLM_F_DUMP).u8(ipv6 ? AF_INET6 : AF_INET).u8(0).u16(0).end();
  }

  /**
   * Returns how often the table was too full for an entry, since the machine was started; null if
   * the message is about something else.
   */
  public static @Nullable Long tableFulls(int type, ByteBuffer buffer, int from, int to) {
    if (type == RTM_NEWNEIGHTBL) {
      NetlinkReader attribute = new NetlinkReader(buffer).over(from + NDTMSG, to);
      while (attribute.next()) {
        if (attribute.type() == NDTA_STATS && attribute.size() >= NDTS_TABLE_FULLS + 8) {
          return attribute.u64(NDTS_TABLE_FULLS);
        }
      }
    }
    return null;
  }
}
