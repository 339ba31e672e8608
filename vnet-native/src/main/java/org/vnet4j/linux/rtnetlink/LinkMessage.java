// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.net.MacAddress;

/**
 * Decodes {@code RTM_NEWLINK} messages in place, one after the other: stores the numbers, and the
 * positions of the texts. So decoding allocates nothing; {@link #link} creates the result, while
 * the message is still in the buffer.
 */
public final class LinkMessage {
  private static final String[] KINDS = {
    "veth", "bridge", "vxlan", "vlan", "tun", "gre", "gretap", "sit"
  };
  private static final long NONE = -1;

  /** An idle decoder. */
  private static final AtomicReference<@Nullable LinkMessage> AT_HAND = new AtomicReference<>();

  private final NetlinkReader attribute = new NetlinkReader();
  private final NetlinkReader info = new NetlinkReader();
  private final NetlinkReader data = new NetlinkReader();
  private byte[] scratch = new byte[64];
  private int index;
  private int flags;
  private int mtu;
  private long lladdr;
  private int operstate;
  private int group;
  private int master;
  private int peer;
  private int peerNamespace;
  private boolean stp;
  private boolean member;
  private int portState;
  private int portCost;
  private boolean portLearning;

  /** Positions and lengths of name, kind and alias. */
  private int name;

  private int nameLength;
  private String kind = "";
  private int alias;
  private int aliasLength;

  /** Decodes one message of a reply; returns null if it does not describe a link. */
  public static @Nullable LinkState decode(int type, ByteBuffer buffer, int from, int to) {
    if (type != RTM_NEWLINK) {
      return null;
    }
    LinkMessage pooled = AT_HAND.getAndSet(null);
    LinkMessage message = pooled == null ? new LinkMessage() : pooled;
    LinkState link = message.read(buffer, from, to).link(buffer);
    AT_HAND.set(message);
    return link;
  }

  /** Reads the payload of a message. */
  public LinkMessage read(ByteBuffer buffer, int from, int to) {
    clear();
    index = buffer.getInt(from + IFI_INDEX);
    flags = buffer.getInt(from + IFI_FLAGS);
    attribute.over(buffer, from + IFINFOMSG, to);
    while (attribute.next()) {
      switch (attribute.type()) {
        case IFLA_IFNAME -> {
          name = attribute.value();
          nameLength = attribute.textLength();
        }
        case IFLA_MTU -> mtu = attribute.u32();
        case IFLA_ADDRESS -> lladdr = attribute.size() == 6 ? attribute.u48() : NONE;
        case IFLA_OPERSTATE -> operstate = attribute.u8();
        case IFLA_IFALIAS -> {
          alias = attribute.value();
          aliasLength = attribute.textLength();
        }
        case IFLA_GROUP -> group = attribute.u32();
        case IFLA_MASTER -> master = attribute.u32();
        case IFLA_LINK -> peer = attribute.u32();
        case IFLA_LINK_NETNSID -> peerNamespace = attribute.u32();
        case IFLA_LINKINFO -> linkInfo(buffer);
        default -> {}
      }
    }
    return this;
  }

  private void clear() {
    mtu = 0;
    lladdr = NONE;
    operstate = 0;
    group = 0;
    master = 0;
    peer = 0;
    peerNamespace = LinkState.HERE;
    stp = false;
    member = false;
    nameLength = 0;
    kind = "";
    aliasLength = 0;
  }

  private void linkInfo(ByteBuffer buffer) {
    info.over(buffer, attribute.value(), attribute.value() + attribute.size());
    while (info.next()) {
      switch (info.type()) {
        case IFLA_INFO_KIND -> kind = kind(buffer, info.value(), info.textLength());
        case IFLA_INFO_DATA -> stp = kind.equals("bridge") && stp(buffer);
        case IFLA_INFO_SLAVE_DATA -> port(buffer);
        default -> {}
      }
    }
  }

  /** Returns the kind; those that this library creates are not allocated again. */
  private String kind(ByteBuffer buffer, int at, int length) {
    for (String known : KINDS) {
      if (known.length() == length && isAt(known, buffer, at)) {
        return known;
      }
    }
    return text(buffer, at, length);
  }

  private static boolean isAt(String text, ByteBuffer buffer, int at) {
    for (int i = 0; i < text.length(); i++) {
      if (buffer.get(at + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean stp(ByteBuffer buffer) {
    data.over(buffer, info.value(), info.value() + info.size());
    while (data.next()) {
      if (data.type() == IFLA_BR_STP_STATE) {
        return data.u32() != 0;
      }
    }
    return false;
  }

  private void port(ByteBuffer buffer) {
    member = true;
    portState = 0;
    portCost = 0;
    portLearning = false;
    data.over(buffer, info.value(), info.value() + info.size());
    while (data.next()) {
      switch (data.type()) {
        case IFLA_BRPORT_STATE -> portState = data.u8();
        case IFLA_BRPORT_COST -> portCost = data.u32();
        case IFLA_BRPORT_LEARNING -> portLearning = data.u8() != 0;
        default -> {}
      }
    }
  }

  private String text(ByteBuffer buffer, int at, int length) {
    if (length == 0) {
      return "";
    }
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    buffer.get(at, scratch, 0, length);
    return new String(scratch, 0, length, StandardCharsets.UTF_8);
  }

  public int index() {
    return index;
  }

  /** Creates the result from the last message read, which must still be in the buffer. */
  public LinkState link(ByteBuffer buffer) {
    return new LinkState(
        index,
        text(buffer, name, nameLength),
        kind,
        flags,
        mtu,
        lladdr == NONE ? null : new MacAddress(lladdr),
        operstate,
        text(buffer, alias, aliasLength),
        group,
        master,
        peer,
        peerNamespace,
        stp,
        port());
  }

  private LinkState.@Nullable Port port() {
    return member ? new LinkState.Port(portState, portCost, portLearning) : null;
  }
}
