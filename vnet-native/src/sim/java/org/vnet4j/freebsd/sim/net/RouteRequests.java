// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;

/** A request written to a route socket, decoded and answered as in net/rtsock.c. */
public final class RouteRequests {
  private final Stack stack;
  private final int pid;
  private final byte[] request;
  private final Struct header;
  private final int[] offsets = new int[FreeBsdAbi.constant("RTAX_MAX")];

  private RouteRequests(SimProcess process, Stack stack, byte[] request) {
    this.stack = stack;
    this.pid = process.getpid();
    this.request = request;
    this.header = new Struct("rt_msghdr", request);
  }

  public static void write(SimProcess process, Stack stack, byte[] request) {
    int size = FreeBsdAbi.size("rt_msghdr");
    if (request.length < size) {
      throw new SysError("EINVAL");
    }
    RouteRequests parsed = new RouteRequests(process, stack, request);
    if (parsed.header.getShort("rtm_msglen") != request.length) {
      throw new SysError("EINVAL");
    }
    if (parsed.header.getByte("rtm_version") != FreeBsdAbi.constant("RTM_VERSION")) {
      throw new SysError("EPROTONOSUPPORT");
    }
    if (parsed.header.getByte("rtm_type") != FreeBsdAbi.constant("RTM_GET")) {
      process.checkRoot();
    }
    parsed.locate(size);
    stack.tell(parsed.perform());
  }

  private void locate(int begin) {
    int at = begin;
    Arrays.fill(offsets, -1);
    for (int i = 0; i < offsets.length; i++) {
      if ((header.getInt("rtm_addrs") & 1 << i) != 0) {
        if (at >= request.length || at + (request[at] & 0xff) > request.length) {
          throw new SysError("EINVAL");
        }
        offsets[i] = at;
        int length = request[at] & 0xff;
        at += length == 0 ? 8 : (length + 7) / 8 * 8;
      }
    }
  }

  private byte[] perform() {
    byte[] destination = inet("RTA_DST");
    if (destination == null) {
      throw new SysError("EINVAL");
    }
    boolean host = (header.getInt("rtm_flags") & FreeBsdAbi.constant("RTF_HOST")) != 0;
    byte[] mask = inet("RTA_NETMASK");
    int width = 8 * destination.length;
    int prefix = host || mask == null ? width : SimAddress.prefix(mask);
    byte[] network = SimAddress.network(destination, prefix);
    int type = header.getByte("rtm_type");
    if (type == FreeBsdAbi.constant("RTM_GET")) {
      RouteTable.Entry found =
          mask == null ? stack.routes.lookup(destination) : stack.routes.find(network, prefix);
      return answer(required(found), FreeBsdAbi.constant("RTF_DONE"), true);
    }
    RouteTable.Entry there = stack.routes.find(network, prefix);
    if (type == FreeBsdAbi.constant("RTM_DELETE")) {
      stack.routes.remove(required(there));
      return answer(there, FreeBsdAbi.constant("RTF_DONE") - FreeBsdAbi.constant("RTF_UP"), false);
    }
    if (type == FreeBsdAbi.constant("RTM_ADD") && there != null) {
      throw new SysError("EEXIST");
    }
    if (type == FreeBsdAbi.constant("RTM_CHANGE")) {
      stack.routes.remove(required(there));
    } else if (type != FreeBsdAbi.constant("RTM_ADD")) {
      throw new SysError("EOPNOTSUPP");
    }
    try {
      RouteTable.Entry entry = make(network, prefix);
      stack.routes.add(entry);
      return answer(entry, FreeBsdAbi.constant("RTF_DONE"), false);
    } catch (SysError e) {
      if (there != null) {
        stack.routes.add(there);
      }
      throw e;
    }
  }

  private static RouteTable.Entry required(RouteTable.@Nullable Entry entry) {
    if (entry == null) {
      throw new SysError("ESRCH");
    }
    return entry;
  }

  private RouteTable.Entry make(byte[] network, int prefix) {
    int gatewayAt = offsets[bit("RTA_GATEWAY")];
    if (gatewayAt < 0) {
      throw new SysError("EINVAL");
    }
    int flags = header.getInt("rtm_flags");
    if ((request[gatewayAt + 1] & 0xff) == FreeBsdAbi.constant("AF_LINK")) {
      Struct link =
          new Struct("sockaddr_dl", Arrays.copyOf(request, request.length + 64), gatewayAt);
      Iface iface = stack.byIndex(link.getShort("sdl_index"));
      if (iface == null) {
        throw new SysError("ENETUNREACH");
      }
      boolean ipv6 = network.length == 16;
      byte[] source = iface.inet(ipv6).stream().findFirst().map(a -> a.bytes).orElse(new byte[0]);
      return new RouteTable.Entry(network, prefix, iface, flags, null, iface, source);
    }
    byte[] gateway = inet("RTA_GATEWAY");
    for (Iface iface : stack.interfaces) {
      for (SimAddress address : iface.addresses) {
        if (address.reaches(gateway) && (!iface.loopback() || address.is(gateway))) {
          return new RouteTable.Entry(network, prefix, iface, flags, gateway, iface, address.bytes);
        }
      }
    }
    throw new SysError("ENETUNREACH");
  }

  /** Returns the answer: the request's header with the route's data, then the route's addresses. */
  private byte[] answer(RouteTable.Entry route, int flags, boolean whole) {
    byte[] list = list(route, whole);
    int bits =
        FreeBsdAbi.constant("RTA_DST")
            | FreeBsdAbi.constant("RTA_GATEWAY")
            | (route.host() ? 0 : FreeBsdAbi.constant("RTA_NETMASK"))
            | (whole ? FreeBsdAbi.constant("RTA_IFP") | FreeBsdAbi.constant("RTA_IFA") : 0);
    int size = FreeBsdAbi.size("rt_msghdr");
    byte[] bytes = new byte[size + list.length];
    Struct message = header(bytes, header.getByte("rtm_type"), route, bits);
    message
        .putInt("rtm_flags", route.flags + flags)
        .putInt("rtm_pid", pid)
        .putInt("rtm_seq", header.getInt("rtm_seq"));
    System.arraycopy(list, 0, bytes, size, list.length);
    return bytes;
  }

  private static Struct header(byte[] bytes, int type, RouteTable.Entry route, int bits) {
    Struct message = new Struct("rt_msghdr", bytes);
    message
        .putShort("rtm_msglen", bytes.length)
        .putByte("rtm_version", FreeBsdAbi.constant("RTM_VERSION"))
        .putByte("rtm_type", type)
        .putShort("rtm_index", route.iface.index)
        .putInt("rtm_addrs", bits);
    message
        .part("rtm_rmx", "rt_metrics")
        .putLong("rmx_mtu", route.iface.mtu)
        .putLong("rmx_weight", 1);
    return message;
  }

  private static byte[] list(RouteTable.Entry route, boolean whole) {
    byte[] destination = Sockaddr.of(route.iface, route.destination);
    byte[] gateway =
        route.gateway == null
            ? Sockaddr.shortLink(route.link)
            : Sockaddr.of(route.iface, route.gateway);
    byte[] mask = Sockaddr.mask(route.destination.length == 16, route.prefix);
    byte[] list =
        route.host()
            ? Sockaddr.list(destination, gateway)
            : Sockaddr.list(destination, gateway, mask);
    if (!whole) {
      return list;
    }
    byte[] source = route.source.length == 0 ? new byte[0] : Sockaddr.of(route.iface, route.source);
    return join(list, Sockaddr.list(Sockaddr.link(route.iface), source));
  }

  /** Returns the message of a route in the sysctl variable that lists routes. */
  static byte[] dumped(RouteTable.Entry route) {
    byte[] list = list(route, true);
    int size = FreeBsdAbi.size("rt_msghdr");
    byte[] bytes = new byte[size + list.length];
    int bits = route.host() ? 0x33 : 0x37;
    header(bytes, FreeBsdAbi.constant("RTM_GET"), route, bits).putInt("rtm_flags", route.flags);
    System.arraycopy(list, 0, bytes, size, list.length);
    return bytes;
  }

  public static byte[] join(byte[] a, byte[] b) {
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  private static int bit(String name) {
    return Integer.numberOfTrailingZeros(FreeBsdAbi.constant(name));
  }

  private byte @Nullable [] inet(String name) {
    int at = offsets[bit(name)];
    if (at < 0) {
      return null;
    }
    boolean ipv6 = (request[at + 1] & 0xff) == FreeBsdAbi.constant("AF_INET6");
    String type = ipv6 ? "sockaddr_in6" : "sockaddr_in";
    int field = FreeBsdAbi.offset(type, ipv6 ? "sin6_addr" : "sin_addr");
    return Arrays.copyOfRange(request, at + field, at + field + (ipv6 ? 16 : 4));
  }
}
