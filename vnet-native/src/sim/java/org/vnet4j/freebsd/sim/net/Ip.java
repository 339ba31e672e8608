// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.Stack;

/**
 * The IP layer of the simulated kernel: sends, answers and forwards packets, and hands them to
 * sockets.
 */
public final class Ip {
  private static final byte[] BROADCAST = {-1, -1, -1, -1};
  private static final int DHCP_SERVER = 67;
  private static final int DHCP_CLIENT = 68;
  private static final int UNREACHABLE = 3;
  private static final int UNREACHABLE6 = 1;
  private static final int TIME_EXCEEDED = 11;
  private static final int TIME_EXCEEDED6 = 3;
  private static final int HOST = 1;

  private final SimKernel kernel;

  public Ip(SimKernel kernel) {
    this.kernel = kernel;
  }

  /** A firewall's packet filter. */
  public interface Filter {
    /**
     * Decides a packet.
     *
     * @param received the interface that received it, null for one of the stack's own
     * @param sent the interface that sends it, null for a packet that comes in
     */
    Verdict check(IpPacket packet, @Nullable Iface received, @Nullable Iface sent);
  }

  /**
   * The decision on a packet.
   *
   * @param passes whether the packet passes
   * @param answer the packet to send back to its sender, or null
   */
  public record Verdict(boolean passes, @Nullable IpPacket answer) {
    public static final Verdict PASS = new Verdict(true, null);
    public static final Verdict DROP = new Verdict(false, null);
  }

  /** Returns the source address for a destination; null without a route. */
  byte @Nullable [] sourceFor(Stack stack, byte[] destination, @Nullable Iface scope) {
    if (scope != null && linkLocal(destination)) {
      return scope.inet(true).stream()
          .filter(SimAddress::linkLocal)
          .findFirst()
          .map(a -> a.bytes)
          .orElse(null);
    }
    RouteTable.Entry route = stack.routes.lookup(destination);
    return route == null ? null : route.iface.loopback() ? destination : route.source;
  }

  /**
   * Sends a packet.
   *
   * @param received the interface that received it, null for one of the stack's own
   * @param scope the interface of a link-local destination
   * @return the name of an error; null if the packet was sent, even if it is lost on the way
   */
  @Nullable String output(
      Stack stack, IpPacket packet, @Nullable Iface received, @Nullable Iface scope) {
    return send(stack, packet, received, scope, true);
  }

  /** Sends a packet; the filters do not see it if {@code filtered} is false. */
  private @Nullable String send(
      Stack stack,
      IpPacket packet,
      @Nullable Iface received,
      @Nullable Iface scope,
      boolean filtered) {
    byte[] destination = packet.destination();
    Iface out;
    byte[] next = destination;
    if (linkLocal(destination)) {
      if (scope == null) {
        return "EHOSTUNREACH";
      }
      out = scope.find(destination) != null ? stack.interfaces.get(0) : scope;
    } else {
      RouteTable.Entry route = stack.routes.lookup(destination);
      if (route == null) {
        return "EHOSTUNREACH";
      }
      out = route.iface;
      next = route.gateway != null ? route.gateway : destination;
    }
    if (filtered && !filter(stack, packet, received, out)) {
      return "EACCES";
    }
    if (out.loopback() && !out.up()) {
      return "EHOSTUNREACH"; // fib4_lookup(): its link is down
    }
    if (out.loopback()) {
      if (!filtered || filter(stack, packet, out, null)) {
        deliver(stack, out, packet);
      }
      return null;
    }
    if (!out.up()) {
      return "ENETDOWN";
    }
    if (!out.kind.ether()) {
      kernel.tunnels.send(out, packet);
      return null;
    }
    byte[] mac = kernel.links.resolve(out, next);
    if (mac != null) {
      int type = packet.isIpv6() ? Frame.IPV6 : Frame.IPV4;
      kernel.links.transmit(out, new Frame(mac, out.mac, 0, type, packet.bytes));
    }
    return null;
  }

  private boolean filter(
      Stack stack, IpPacket packet, @Nullable Iface received, @Nullable Iface sent) {
    for (Filter filter : stack.filters) {
      Verdict verdict = filter.check(packet, received, sent);
      if (!verdict.passes()) {
        if (verdict.answer() != null) {
          // ipfw does not filter the resets that it sends, but it does filter its ICMP errors
          // (send_reject).
          boolean filtered = verdict.answer().protocol() != IpPacket.TCP;
          send(stack, verdict.answer(), null, received, filtered);
        }
        return false;
      }
    }
    return true;
  }

  /** Handles a packet that an interface received. */
  void input(Iface in, Frame frame) {
    IpPacket packet = new IpPacket(frame.payload());
    Stack stack = in.stack;
    if (!packet.isWhole()) {
      return;
    }
    boolean dhcp = packet.protocol() == IpPacket.UDP && isDhcp(packet.payloadShort(2));
    if (dhcp && stack.station != null) {
      stack.station.deliver(in.name, frame.bytes()); // DHCP programs read frames, as with bpf(4)
      return;
    }
    byte[] destination = packet.destination();
    boolean local = isLocal(stack, destination) || frame.toGroup();
    if (!filter(stack, packet, in, null)) {
      return;
    }
    if (local) {
      deliver(stack, in, packet);
    } else if (!linkLocal(destination)
        && stack.variables.get(packet.isIpv6() ? SimKernel.FORWARD6 : SimKernel.FORWARD4) != 0) {
      forward(stack, in, packet);
    }
  }

  private static boolean isDhcp(int port) {
    return port == DHCP_SERVER || port == DHCP_CLIENT;
  }

  private void forward(Stack stack, Iface in, IpPacket packet) {
    if (packet.hops() <= 1) {
      tell(stack, in, packet, packet.isIpv6() ? TIME_EXCEEDED6 : TIME_EXCEEDED, 0);
      return;
    }
    String error = output(stack, packet.oneHopLess(), in, null);
    if (error != null && !error.equals("EACCES")) {
      boolean six = packet.isIpv6();
      tell(stack, in, packet, six ? UNREACHABLE6 : UNREACHABLE, six ? 0 : HOST);
    }
  }

  /** Sends an ICMP error from an address of the interface that received the packet. */
  private void tell(Stack stack, Iface in, IpPacket about, int type, int code) {
    List<SimAddress> own = in.inet(about.isIpv6());
    if (!own.isEmpty() && !about.isIcmpError()) {
      SimAddress from = own.stream().filter(a -> !a.linkLocal()).findFirst().orElse(own.get(0));
      output(stack, about.error(from.bytes, type, code), null, in);
    }
  }

  static boolean isLocal(Stack stack, byte[] address) {
    return stack.interfaces.stream().anyMatch(iface -> iface.find(address) != null)
        || stack.interfaces.stream()
            .filter(iface -> !iface.pointToPoint())
            .flatMap(iface -> iface.addresses.stream())
            .anyMatch(a -> Arrays.equals(a.other, address));
  }

  static boolean linkLocal(byte[] address) {
    return address.length == 16 && (address[0] & 0xff) == 0xfe && (address[1] & 0xc0) == 0x80;
  }

  /** Delivers a packet to this stack: the kernel answers it, or the sockets receive it. */
  private void deliver(Stack stack, Iface in, IpPacket packet) {
    if (packet.isEchoRequest()) {
      if (isLocal(stack, packet.destination())) {
        output(stack, packet.echoReply(), null, in);
      }
      return;
    }
    if (packet.protocol() == IpPacket.ICMP || packet.protocol() == IpPacket.ICMPV6) {
      stack.rawSockets.forEach(socket -> socket.receive(packet, in));
      if (!packet.isIcmpError()) {
        return;
      }
    } else if (kernel.links.decapsulate(stack, packet)
        || kernel.tunnels.decapsulate(stack, packet)) {
      return;
    }
    Station station = kernel.stationOf(stack);
    if (station != null) {
      hand(station, stack, in, packet);
    }
  }

  /**
   * Hands a packet to the station, by the interface that received it; for lo0, by the one with its
   * address.
   */
  private static void hand(Station station, Stack stack, Iface in, IpPacket packet) {
    Iface by = in;
    if (in.loopback()) {
      for (Iface iface : stack.interfaces) {
        if (!iface.loopback() && iface.find(packet.destination()) != null) {
          by = iface;
        }
      }
    }
    if (by.mac.length == 6) {
      int type = packet.isIpv6() ? Frame.IPV6 : Frame.IPV4;
      byte[] from = {0x02, 0, 0, 0, 0, 1};
      station.deliver(by.name, new Frame(by.mac, from, 0, type, packet.bytes).bytes());
    }
  }

  /** Sends a frame of the station. An IP packet passes through the stack as the stack's own do. */
  public void emit(Stack stack, String name, Frame frame) {
    Iface iface = stack.find(name);
    if (iface == null || !iface.up() || !frame.isIp()) {
      return;
    }
    IpPacket packet = new IpPacket(frame.payload());
    if (!packet.isWhole() || packet.isIpv6() && packet.destination()[0] == -1) {
      return; // neighbour discovery of the Linux stack stays there
    }
    if (Arrays.equals(packet.destination(), BROADCAST) || !Arrays.equals(frame.to(), iface.mac)) {
      kernel.links.transmit(iface, frame);
      return;
    }
    if (iface.inet(false).stream().anyMatch(a -> Arrays.equals(a.other, packet.destination()))) {
      kernel.links.transmit(iface, Frame.toAll(iface.mac, Frame.IPV4, packet.bytes));
      return;
    }
    String error = output(stack, packet, null, iface);
    if (error != null && !packet.isIcmpError()) {
      boolean six = packet.isIpv6();
      int type = six ? UNREACHABLE6 : UNREACHABLE;
      IpPacket told = packet.error(packet.source(), type, six ? 0 : HOST);
      if (stack.station != null) {
        hand(stack.station, stack, iface, told);
      }
    }
  }
}
