// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.route;

import static org.vnet4j.freebsd.route.RouteAbi.RTA_DST;
import static org.vnet4j.freebsd.route.RouteAbi.RTA_GATEWAY;
import static org.vnet4j.freebsd.route.RouteAbi.RTA_IFP;
import static org.vnet4j.freebsd.route.RouteAbi.RTA_NETMASK;
import static org.vnet4j.freebsd.route.RouteAbi.RTF_GATEWAY;
import static org.vnet4j.freebsd.route.RouteAbi.RTF_HOST;
import static org.vnet4j.freebsd.route.RouteAbi.RTF_STATIC;
import static org.vnet4j.freebsd.route.RouteAbi.RTF_UP;
import static org.vnet4j.freebsd.route.RouteAbi.RTM_ADD;
import static org.vnet4j.freebsd.route.RouteAbi.RTM_CHANGE;
import static org.vnet4j.freebsd.route.RouteAbi.RTM_DELETE;
import static org.vnet4j.freebsd.route.RouteAbi.RTM_GET;
import static org.vnet4j.freebsd.route.RouteAbi.RTM_VERSION;
import static org.vnet4j.freebsd.route.RouteAbi.RT_MSGHDR_RTM_ADDRS;
import static org.vnet4j.freebsd.route.RouteAbi.RT_MSGHDR_RTM_FLAGS;
import static org.vnet4j.freebsd.route.RouteAbi.RT_MSGHDR_RTM_MSGLEN;
import static org.vnet4j.freebsd.route.RouteAbi.RT_MSGHDR_RTM_SEQ;
import static org.vnet4j.freebsd.route.RouteAbi.RT_MSGHDR_RTM_TYPE;
import static org.vnet4j.freebsd.route.RouteAbi.RT_MSGHDR_RTM_VERSION;
import static org.vnet4j.freebsd.route.RouteAbi.RT_MSGHDR_SIZE;

import java.net.InetAddress;
import org.vnet4j.freebsd.sys.SocketAddress;
import org.vnet4j.net.Cidr;
import org.vnet4j.posix.libc.Memory;

/**
 * Encodes a request to a routing socket: a header, then addresses in the order of their bits, each
 * padded to a multiple of eight bytes.
 */
public final class RouteRequest {
  /** Size in bytes of the longest request: header, two addresses, mask and link address. */
  private static final int ROOM = RT_MSGHDR_SIZE + 4 * 56;

  private final Memory message = Memory.allocate(ROOM);
  private int length = RT_MSGHDR_SIZE;
  private int addresses;

  private RouteRequest(int type, int flags, int seq) {
    message
        .putByte(RT_MSGHDR_RTM_VERSION, RTM_VERSION)
        .putByte(RT_MSGHDR_RTM_TYPE, type)
        .putInt(RT_MSGHDR_RTM_FLAGS, flags)
        .putInt(RT_MSGHDR_RTM_SEQ, seq);
  }

  /** Adds a route through a gateway. */
  public static Memory add(Cidr destination, InetAddress gateway, int seq) {
    return byGateway(RTM_ADD, destination, gateway, seq);
  }

  /** Replaces the gateway of a route. */
  public static Memory change(Cidr destination, InetAddress gateway, int seq) {
    return byGateway(RTM_CHANGE, destination, gateway, seq);
  }

  private static Memory byGateway(int type, Cidr destination, InetAddress gateway, int seq) {
    int flags = RTF_UP | RTF_GATEWAY | RTF_STATIC | host(destination);
    RouteRequest request = new RouteRequest(type, flags, seq).destination(destination);
    request.address(RTA_GATEWAY, gateway);
    return request.mask(destination).finish();
  }

  /** Adds a route to a network that is directly on an interface. */
  public static Memory add(Cidr destination, int index, int seq) {
    int flags = RTF_UP | RTF_STATIC | host(destination);
    RouteRequest request = new RouteRequest(RTM_ADD, flags, seq).destination(destination);
    request.link(RTA_GATEWAY, index);
    return request.mask(destination).finish();
  }

  /** Deletes a route. */
  public static Memory delete(Cidr destination, int seq) {
    int flags = RTF_UP | host(destination);
    return new RouteRequest(RTM_DELETE, flags, seq)
        .destination(destination)
        .mask(destination)
        .finish();
  }

  /** Queries the route that packets to an address take, and its interface. */
  public static Memory get(InetAddress destination, int seq) {
    RouteRequest request = new RouteRequest(RTM_GET, RTF_UP, seq);
    request.address(RTA_DST, destination);
    request.link(RTA_IFP, 0);
    return request.finish();
  }

  /** Returns RTF_HOST for a prefix of full length, which is a route to a host and has no mask. */
  private static int host(Cidr destination) {
    return destination.prefixLength() == width(destination) ? RTF_HOST : 0;
  }

  private static int width(Cidr cidr) {
    return cidr.isIpv6() ? 128 : 32;
  }

  private RouteRequest destination(Cidr destination) {
    address(RTA_DST, destination.address());
    return this;
  }

  private RouteRequest mask(Cidr destination) {
    if (host(destination) == 0) {
      SocketAddress.putMask(message, length, destination.isIpv6(), destination.prefixLength());
      advance(RTA_NETMASK);
    }
    return this;
  }

  private void address(int bit, InetAddress address) {
    SocketAddress.put(message, length, address);
    advance(bit);
  }

  private void link(int bit, int index) {
    SocketAddress.putLink(message, length, index);
    advance(bit);
  }

  private void advance(int bit) {
    addresses |= bit;
    length += RouteCodec.room(SocketAddress.length(message, length));
  }

  private Memory finish() {
    message.putShort(RT_MSGHDR_RTM_MSGLEN, length).putInt(RT_MSGHDR_RTM_ADDRS, addresses);
    return Memory.of(message.get(0, length));
  }
}
