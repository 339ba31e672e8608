// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.Descriptor;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;

/** Binds raw sockets and sends on them, as in netinet/raw_ip.c and netinet6/raw_ip6.c. */
public final class RawSend {
  private RawSend() {}

  public static void bind(Descriptor.RawSocket socket, byte[] sockaddr) {
    boolean six = socket.ipv6();
    byte[] address = address(socket, sockaddr).get(six ? "sin6_addr" : "sin_addr", six ? 16 : 4);
    if (socket.stack.interfaces.stream().allMatch(iface -> iface.find(address) == null)) {
      throw new SysError("EADDRNOTAVAIL");
    }
    socket.bound = address;
  }

  private static Struct address(Descriptor.RawSocket socket, byte[] sockaddr) {
    boolean six = socket.ipv6();
    String type = six ? "sockaddr_in6" : "sockaddr_in";
    if (sockaddr.length < FreeBsdAbi.size(type)
        || (sockaddr[1] & 0xff) != FreeBsdAbi.constant(six ? "AF_INET6" : "AF_INET")) {
      throw new SysError(sockaddr.length < FreeBsdAbi.size(type) ? "EINVAL" : "EAFNOSUPPORT");
    }
    return new Struct(type, Arrays.copyOf(sockaddr, Math.max(sockaddr.length, 28)));
  }

  public static void send(Descriptor.RawSocket socket, byte[] message, byte[] sockaddr) {
    Stack stack = socket.stack;
    boolean six = socket.ipv6();
    Struct to = address(socket, sockaddr);
    if (message.length > socket.sendRoom) {
      throw new SysError("EMSGSIZE");
    }
    byte[] destination = to.get(six ? "sin6_addr" : "sin_addr", six ? 16 : 4);
    Iface scope = scope(stack, six ? to.getInt("sin6_scope_id") : 0);
    byte[] source = stack.kernel.ip.sourceFor(stack, destination, scope);
    if (source == null) {
      throw new SysError("EHOSTUNREACH");
    }
    if (socket.bound != null) {
      source = socket.bound;
    }
    IpPacket packet = IpPacket.of(source, destination, socket.protocol, message);
    String error = stack.kernel.ip.output(stack, packet, null, scope);
    if (error != null) {
      throw new SysError(error);
    }
  }

  private static @Nullable Iface scope(Stack stack, int index) {
    return index == 0 ? null : stack.byIndex(index);
  }
}
