// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkWriter;

/**
 * Encodes {@code RTM_GETNSID} and decodes its reply: the number that one namespace uses for
 * another.
 */
public final class NamespaceMessages {
  private NamespaceMessages() {}

  /**
   * Encodes the request; returns the position of the other namespace's descriptor in the message.
   */
  public static int get(NetlinkWriter out) {
    out.begin(RTM_GETNSID, 0).u32(0); // struct rtgenmsg and its padding
    int at = out.length() + 4;
    out.attribute(NETNSA_FD, 0).end();
    return at;
  }

  /** Returns the number, -1 if there is none; null if the message is of another type. */
  public static @Nullable Integer decode(int type, ByteBuffer buffer, int from, int to) {
    if (type == RTM_NEWNSID) {
      NetlinkReader attribute = new NetlinkReader().over(buffer, from + RTGENMSG, to);
      while (attribute.next()) {
        if (attribute.type() == NETNSA_NSID) {
          return attribute.u32();
        }
      }
    }
    return null;
  }
}
