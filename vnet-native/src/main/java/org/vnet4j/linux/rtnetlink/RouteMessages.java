// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.vnet4j.linux.netlink.Netlink.*;
import static org.vnet4j.linux.rtnetlink.Rtnetlink.*;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Route;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.Cidr;

/**
 * Encodes and decodes the messages about routes: {@code RTM_NEWROUTE}, {@code RTM_DELROUTE}, {@code
 * RTM_GETROUTE}.
 */
public final class RouteMessages {
  private RouteMessages() {}

  public static void dump(NetlinkWriter out, int family) {
    header(out, RTM_GETROUTE, NLM_F_DUMP, family, 0, RT_TABLE_MAIN, 0, 0, 0);
    out.attribute(RTA_TABLE, RT_TABLE_MAIN).end();
  }

  /** Requests the route that a packet to an IPv6 address takes. */
  public static void get(NetlinkWriter out, InetAddress destination) {
    byte[] bytes = destination.getAddress();
    header(out, RTM_GETROUTE, 0, AF_INET6, bytes.length * Byte.SIZE, 0, 0, 0, 0);
    out.attribute(RTA_DST, bytes).end();
  }

  /** Returns whether an {@code RTM_NEWROUTE} message leads to this stack itself. */
  public static Boolean isLocal(int type, ByteBuffer buffer, int from, int to) {
    return type == RTM_NEWROUTE && buffer.get(from + RTM_TYPE) == RTN_LOCAL;
  }

  public static void add(NetlinkWriter out, Route route, int index) {
    int scope = route.gateway().isEmpty() ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    change(out, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, route, index, scope);
  }

  public static void delete(NetlinkWriter out, Route route, int index) {
    change(out, RTM_DELROUTE, NLM_F_ACK, route, index, RT_SCOPE_NOWHERE);
  }

  private static void change(
      NetlinkWriter out, int type, int flags, Route route, int index, int scope) {
    Cidr destination = route.destination();
    boolean adds = type == RTM_NEWROUTE;
    header(
        out,
        type,
        flags,
        destination.isIpv6() ? AF_INET6 : AF_INET,
        destination.prefixLength(),
        RT_TABLE_MAIN,
        adds ? RTPROT_STATIC : 0,
        scope,
        adds ? RTN_UNICAST : 0);
    if (destination.prefixLength() > 0) {
      out.attribute(RTA_DST, destination.address().getAddress());
    }
    route.gateway().ifPresent(gateway -> out.attribute(RTA_GATEWAY, gateway.getAddress()));
    if (index != 0) {
      out.attribute(RTA_OIF, index);
    }
    out.end();
  }

  private static NetlinkWriter header(
      NetlinkWriter out,
      int type,
      int flags,
      int family,
      int prefixLength,
      int table,
      int protocol,
      int scope,
      int routeType) {
    out.begin(type, flags).u8(family).u8(prefixLength).u8(0).u8(0);
    return out.u8(table).u8(protocol).u8(scope).u8(routeType).u32(0);
  }

  /**
   * Decodes an {@code RTM_NEWROUTE} message; skips routes of other tables and routes that are not
   * unicast.
   */
  public static void decode(
      ByteBuffer buffer, int from, int to, IntFunction<String> names, Consumer<Route> routes) {
    int table = buffer.get(from + RTM_TABLE) & 0xff;
    byte[] destination = null;
    byte[] gateway = null;
    int index = 0;
    NetlinkReader hops = null;
    NetlinkReader attribute = new NetlinkReader(buffer).over(from + RTMSG, to);
    while (attribute.next()) {
      switch (attribute.type()) {
        case RTA_DST -> destination = attribute.bytes();
        case RTA_GATEWAY -> gateway = attribute.bytes();
        case RTA_OIF -> index = attribute.u32();
        case RTA_TABLE -> table = attribute.u32();
        case RTA_MULTIPATH -> hops = attribute.nested();
        default -> {}
      }
    }
    int length = buffer.get(from + RTM_DST_LEN) & 0xff;
    if (destination == null) {
      destination = new byte[buffer.get(from + RTM_FAMILY) == AF_INET6 ? 16 : 4];
    }
    Cidr cidr = AddressMessages.cidr(destination, length);
    if (table != RT_TABLE_MAIN || cidr == null || buffer.get(from + RTM_TYPE) != RTN_UNICAST) {
      return;
    }
    if (hops != null) {
      hops(buffer, hops, cidr, names, routes);
    } else {
      accept(cidr, gateway, index, names, routes);
    }
  }

  /** Returns one route for each next hop of a multipath route. */
  private static void hops(
      ByteBuffer buffer,
      NetlinkReader multipath,
      Cidr destination,
      IntFunction<String> names,
      Consumer<Route> routes) {
    int at = multipath.start();
    int end = multipath.limit();
    while (at + RTNEXTHOP <= end) {
      int length = buffer.getShort(at + RTNH_LEN) & 0xffff;
      if (length < RTNEXTHOP || at + length > end) {
        return;
      }
      byte[] gateway = null;
      NetlinkReader attribute = new NetlinkReader(buffer).over(at + RTNEXTHOP, at + length);
      while (attribute.next()) {
        gateway = attribute.type() == RTA_GATEWAY ? attribute.bytes() : gateway;
      }
      accept(destination, gateway, buffer.getInt(at + RTNH_IFINDEX), names, routes);
      at += align(length);
    }
  }

  private static void accept(
      Cidr destination,
      byte @Nullable [] gateway,
      int index,
      IntFunction<String> names,
      Consumer<Route> routes) {
    boolean ofItsFamily =
        gateway != null && gateway.length == destination.address().getAddress().length;
    Optional<InetAddress> via =
        ofItsFamily ? Optional.of(AddressMessages.address(gateway)) : Optional.empty();
    Optional<String> dev = index == 0 ? Optional.empty() : Optional.ofNullable(names.apply(index));
    if (via.isPresent() || dev.isPresent()) {
      routes.accept(new Route(destination, via, dev));
    }
  }
}
