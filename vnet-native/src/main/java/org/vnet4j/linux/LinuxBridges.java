// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.vnet4j.linux.netlink.Netlink.NLM_F_DUMP;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.BridgeMember;
import org.vnet4j.LearnedAddress;
import org.vnet4j.NetInterface;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.rtnetlink.LinkRequests;
import org.vnet4j.linux.rtnetlink.LinkState;
import org.vnet4j.net.MacAddress;
import org.vnet4j.spi.BridgeDriver;
import org.vnet4j.spi.KernelErrors;

/** The bridge driver: reads and changes the bridges of one namespace by rtnetlink(7). */
final class LinuxBridges implements BridgeDriver {
  /** The least forward delay, see BR_MIN_FORWARD_DELAY in net/bridge/br_private_stp.h. */
  private static final Duration MIN_FORWARD_DELAY = Duration.ofSeconds(2);

  private final LinuxStack stack;

  LinuxBridges(LinuxStack stack) {
    this.stack = stack;
  }

  @Override
  public void add(String bridge, String member) {
    stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          int index = exchange.index(bridge);
          // The kernel would silently remove the member from another bridge.
          LinkState link = LinuxStack.link(exchange, member);
          if (link.master() != 0) {
            throw new NetInterface.BusyException(
                "interface " + member + " is a member of a bridge already; delete it there first");
          }
          LinkRequests.master(exchange.out().clear(), member, index);
          exchange.execute("RTM_SETLINK", member + " master " + bridge);
          return true;
        });
  }

  @Override
  public void delete(String bridge, String member) {
    stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          int index = exchange.index(bridge);
          if (LinuxStack.link(exchange, member).master() != index) {
            throw new NetInterface.NotFoundException(
                "interface " + member + " is not a member of " + bridge);
          }
          LinkRequests.master(exchange.out().clear(), member, 0);
          exchange.execute("RTM_SETLINK", member + " nomaster");
          return true;
        });
  }

  @Override
  public List<BridgeMember> members(String bridge) {
    return memberLinks(bridge).stream().map(LinuxBridges::member).toList();
  }

  private List<LinkState> memberLinks(String bridge) {
    return stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          int index = exchange.index(bridge);
          LinkRequests.dumpMembers(exchange.out(), index);
          return LinuxStack.links(exchange, "members of " + bridge);
        });
  }

  private static BridgeMember member(LinkState link) {
    LinkState.Port port = link.port();
    return port == null
        ? new BridgeMember(link.name(), "unknown", false, 0)
        : new BridgeMember(link.name(), port.stateName(), port.learning(), port.cost());
  }

  @Override
  public List<LearnedAddress> learned(String bridge) {
    Map<Integer, String> names = new HashMap<>();
    memberLinks(bridge).forEach(link -> names.put(link.index(), link.name()));
    return stack.ask(
        KernelErrors::ofInterface,
        exchange -> {
          int index = exchange.index(bridge);
          exchange.out().begin(RTM_GETNEIGH, NLM_F_DUMP).u8(AF_BRIDGE).u8(0).u16(0).u32(0);
          exchange.out().u16(0).u8(0).u8(0).attribute(NDA_MASTER, index).end();
          return exchange.dump(
              "RTM_GETNEIGH",
              bridge,
              (type, buffer, from, to) ->
                  type == RTM_NEWNEIGH ? learned(names, buffer, from, to) : null);
        });
  }

  /**
   * Decodes an entry of the forwarding table; skips the members' own addresses, which are not
   * learned.
   */
  static @Nullable LearnedAddress learned(
      Map<Integer, String> names, ByteBuffer buffer, int from, int to) {
    String member = names.get(buffer.getInt(from + NDM_IFINDEX));
    int state = buffer.getShort(from + NDM_STATE) & 0xffff;
    if (member == null || (state & NUD_PERMANENT) != 0) {
      return null;
    }
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + NDMSG, to);
    while (attribute.next()) {
      if (attribute.type() == NDA_LLADDR && attribute.size() == 6) {
        MacAddress address = MacAddress.of(attribute.bytes());
        return new LearnedAddress(address, member, (state & NUD_NOARP) != 0);
      }
    }
    return null;
  }

  @Override
  public boolean stp(String bridge) {
    return stack.link(bridge).stp();
  }

  @Override
  public void stp(String bridge, boolean on) {
    stack
        .interfaces()
        .execute("RTM_NEWLINK", bridge, exchange -> LinkRequests.stp(exchange.out(), bridge, on));
  }

  @Override
  public void forwardDelay(String bridge, Duration delay) {
    int centiseconds = (int) Math.max(MIN_FORWARD_DELAY.toMillis(), delay.toMillis()) / 10;
    stack
        .interfaces()
        .execute(
            "RTM_NEWLINK",
            bridge + " forward_delay " + centiseconds,
            exchange -> LinkRequests.forwardDelay(exchange.out(), bridge, centiseconds));
  }
}
