// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.Rtnetlink.*;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.LinkStatus;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceFlag;
import org.vnet4j.net.MacAddress;
import org.vnet4j.posix.Mark;

/**
 * A link as the kernel describes it in {@code RTM_NEWLINK}.
 *
 * @param index its number
 * @param name its name
 * @param kind the kernel's word for its kind, empty for a physical one
 * @param flags {@code IFF_*}
 * @param mtu in bytes
 * @param lladdr its MAC address, if it has one of six bytes
 * @param operstate RFC 2863: 6 is up
 * @param alias its description with our mark
 * @param group what it is grouped by, 0 for nothing
 * @param master index of the bridge it is in, 0 if none
 * @param peerElsewhere whether its other end is in another namespace
 * @param stp whether this is a bridge that runs the spanning tree protocol
 * @param port what its bridge says of it, null if it is in none
 */
record Link(
    int index,
    String name,
    String kind,
    int flags,
    int mtu,
    @Nullable MacAddress lladdr,
    int operstate,
    String alias,
    int group,
    int master,
    boolean peerElsewhere,
    boolean stp,
    @Nullable Port port) {

  private static final InterfaceFlag[] FLAG_OF_BIT = {
    InterfaceFlag.UP,
    InterfaceFlag.BROADCAST,
    InterfaceFlag.DEBUG,
    InterfaceFlag.LOOPBACK,
    InterfaceFlag.POINTOPOINT,
    null,
    InterfaceFlag.RUNNING,
    InterfaceFlag.NOARP,
    InterfaceFlag.PROMISC,
    InterfaceFlag.ALLMULTI,
    null,
    null,
    InterfaceFlag.MULTICAST,
    null,
    null,
    null,
    InterfaceFlag.LOWER_UP
  };

  /** Decodes the payload of an {@code RTM_NEWLINK} message. */
  static Link decode(ByteBuffer buffer, int from, int to) {
    String name = "";
    String kind = "";
    String alias = "";
    MacAddress lladdr = null;
    int mtu = 0;
    int operstate = 0;
    int master = 0;
    int group = 0;
    boolean peerElsewhere = false;
    boolean stp = false;
    Port port = null;
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + IFINFOMSG, to);
    while (attribute.next()) {
      switch (attribute.type()) {
        case IFLA_IFNAME -> name = attribute.text();
        case IFLA_MTU -> mtu = attribute.u32();
        case IFLA_ADDRESS ->
            lladdr = attribute.size() == 6 ? MacAddress.of(attribute.bytes()) : null;
        case IFLA_OPERSTATE -> operstate = attribute.u8();
        case IFLA_IFALIAS -> alias = attribute.text();
        case IFLA_GROUP -> group = attribute.u32();
        case IFLA_MASTER -> master = attribute.u32();
        case IFLA_LINK_NETNSID -> peerElsewhere = true;
        case IFLA_LINKINFO -> {
          NetlinkReader info = attribute.nested();
          while (info.next()) {
            switch (info.type()) {
              case IFLA_INFO_KIND -> kind = info.text();
              case IFLA_INFO_DATA -> stp = kind.equals("bridge") && stp(info.nested());
              case IFLA_INFO_SLAVE_DATA -> port = Port.decode(info.nested());
              default -> {}
            }
          }
        }
        default -> {}
      }
    }
    int index = buffer.getInt(from + IFI_INDEX);
    int flags = buffer.getInt(from + IFI_FLAGS);
    return new Link(
        index,
        name,
        kind,
        flags,
        mtu,
        lladdr,
        operstate,
        alias,
        group,
        master,
        peerElsewhere,
        stp,
        port);
  }

  private static boolean stp(NetlinkReader data) {
    while (data.next()) {
      if (data.type() == IFLA_BR_STP_STATE) {
        return data.u32() != 0;
      }
    }
    return false;
  }

  /** Returns the kind in the model's words. */
  String modelKind() {
    return switch (kind) {
      case "veth" -> "epair";
      case "" -> (flags & 8) != 0 ? "lo" : "ether";
      case "tun" -> "tap";
      default -> kind;
    };
  }

  Mark mark() {
    return Mark.parse(alias);
  }

  InterfaceInfo info(List<Cidr> addresses, @Nullable String bridge) {
    boolean loopback = (flags & 8) != 0;
    LinkStatus status =
        loopback ? LinkStatus.UNKNOWN : operstate == 6 ? LinkStatus.ACTIVE : LinkStatus.NO_CARRIER;
    if (!loopback && operstate == 0 && (flags & 0x10000) != 0) {
      status = LinkStatus.ACTIVE;
    }
    return new InterfaceInfo(
        name,
        index,
        modelKind(),
        names(flags),
        flags,
        mtu,
        loopback ? null : lladdr,
        addresses,
        List.of(modelKind()),
        status,
        bridge,
        mark().text());
  }

  private static Set<InterfaceFlag> names(int flags) {
    EnumSet<InterfaceFlag> names = EnumSet.noneOf(InterfaceFlag.class);
    for (int bit = 0; bit < FLAG_OF_BIT.length; bit++) {
      InterfaceFlag flag = FLAG_OF_BIT[bit];
      if (flag != null && (flags & 1 << bit) != 0) {
        names.add(flag);
      }
    }
    return names;
  }

  /**
   * What a bridge says of a member.
   *
   * @param state {@code BR_STATE_*}
   * @param cost its cost for the spanning tree protocol
   * @param learning whether the bridge learns addresses on it
   */
  record Port(int state, int cost, boolean learning) {
    private static final String[] STATES = {
      "disabled", "listening", "learning", "forwarding", "blocking"
    };

    static Port decode(NetlinkReader data) {
      int state = 0;
      int cost = 0;
      boolean learning = false;
      while (data.next()) {
        switch (data.type()) {
          case IFLA_BRPORT_STATE -> state = data.u8();
          case IFLA_BRPORT_COST -> cost = data.u32();
          case IFLA_BRPORT_LEARNING -> learning = data.u8() != 0;
          default -> {}
        }
      }
      return new Port(state, cost, learning);
    }

    String stateName() {
      return state < STATES.length ? STATES[state] : "unknown";
    }
  }
}
