// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.SimProcess;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.SysError;
import org.vnet4j.freebsd.sim.UserMemory;

/**
 * The tunnels gif(4) and gre(4), as in net/if_gif.c, net/if_gre.c and their parts in netinet and
 * netinet6.
 */
public final class Tunnels {
  private static final int IPIP = 4;
  private static final int IPV6 = 41;
  private static final int GRE = 47;
  private static final int ETHERIP = 97;
  private static final int ETHERIP_HEADER = 0x3000;
  private static final int KEY_PRESENT = 0x2000;

  private static final byte[] NOBODY = new byte[6];

  private final SimKernel kernel;

  public Tunnels(SimKernel kernel) {
    this.kernel = kernel;
  }

  /** The outer addresses of a tunnel. */
  record Ends(byte[] local, byte[] remote) {
    boolean same(Ends other) {
      return Arrays.equals(local, other.local) && Arrays.equals(remote, other.remote);
    }
  }

  // ---- requests

  /** Handles a tunnel request; returns false if the request is another one. */
  public static boolean handle(SimProcess process, Iface iface, byte[] argument, long request) {
    boolean four = request == FreeBsdAbi.request("SIOCSIFPHYADDR");
    boolean six = request == FreeBsdAbi.request("SIOCSIFPHYADDR_IN6");
    boolean none = request == FreeBsdAbi.request("SIOCDIFPHYADDR");
    boolean key = request == FreeBsdAbi.request("GRESKEY");
    if (!four && !six && !none && !key) {
      return false;
    }
    process.checkRoot();
    boolean gre = iface.kind.name().equals("gre");
    if (!gre && (!iface.kind.name().equals("gif") || key)) {
      throw new SysError("EINVAL");
    }
    if (key) {
      long value = new Struct("ifreq", argument).getLong("ifr_ifru");
      byte[] bytes = UserMemory.copyIn(value, Integer.BYTES);
      iface.greKey = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt();
    } else if (none) {
      forget(iface);
    } else {
      attach(iface, four ? ends(argument, "in") : ends(argument, "in6"));
    }
    return true;
  }

  private static Ends ends(byte[] argument, String family) {
    Struct request = new Struct(family + "_aliasreq", argument);
    return new Ends(
        address(request, "ifra_addr", family), address(request, "ifra_dstaddr", family));
  }

  private static byte[] address(Struct request, String field, String family) {
    boolean six = family.equals("in6");
    String prefix = six ? "sin6_" : "sin_";
    Struct address = request.part(field, "sockaddr_" + family);
    if (address.getByte(prefix + "len") != FreeBsdAbi.size("sockaddr_" + family)
        || address.getByte(prefix + "family")
            != FreeBsdAbi.constant(six ? "AF_INET6" : "AF_INET")) {
      throw new SysError("EINVAL");
    }
    byte[] bytes = address.get(prefix + "addr", six ? 16 : 4);
    if (Arrays.equals(bytes, new byte[bytes.length])) {
      throw new SysError("EADDRNOTAVAIL");
    }
    return bytes;
  }

  private static void attach(Iface iface, Ends ends) {
    for (Iface other : iface.stack.interfaces) {
      Ends taken = other.ends;
      if (other != iface && other.kind == iface.kind && taken != null && taken.same(ends)) {
        throw new SysError("EADDRNOTAVAIL");
      }
    }
    iface.ends = ends;
    if (Ip.isLocal(iface.stack, ends.local)) {
      iface.flags |= FreeBsdAbi.constant("IFF_DRV_RUNNING");
    }
    iface.linkState = FreeBsdAbi.constant("LINK_STATE_UP");
    Announcer.info(iface);
  }

  /** Clears the ends of a tunnel, as a move to another stack does: gif_reassign, gre_reassign. */
  public static void forget(Iface iface) {
    if (iface.ends != null) {
      iface.ends = null;
      iface.flags &= ~FreeBsdAbi.constant("IFF_DRV_RUNNING");
      iface.linkState = FreeBsdAbi.constant("LINK_STATE_DOWN");
    }
  }

  // ---- packets

  /** Sends a packet of the stack out of a tunnel interface. */
  void send(Iface out, IpPacket packet) {
    out.outPackets++;
    out.outBytes += packet.bytes.length;
    int inner = packet.isIpv6() ? IPV6 : IPIP;
    if (!out.kind.name().equals("gre")) {
      send(out, inner, packet.bytes);
      return;
    }
    ByteBuffer gre = ByteBuffer.allocate((out.greKey == 0 ? 4 : 8) + packet.bytes.length);
    gre.putShort((short) (out.greKey == 0 ? 0 : KEY_PRESENT));
    gre.putShort((short) (packet.isIpv6() ? Frame.IPV6 : Frame.IPV4));
    if (out.greKey != 0) {
      gre.putInt(out.greKey);
    }
    send(out, GRE, gre.put(packet.bytes).array());
  }

  /** Sends a frame of the bridge of which a gif is a member. */
  void send(Iface gif, Frame frame) {
    byte[] bytes = frame.bytes();
    ByteBuffer etherip = ByteBuffer.allocate(2 + bytes.length);
    send(gif, ETHERIP, etherip.putShort((short) ETHERIP_HEADER).put(bytes).array());
  }

  /**
   * Sends the outer packet, if the stack has the tunnel's local address; otherwise the packet is
   * lost.
   */
  private void send(Iface out, int protocol, byte[] payload) {
    Ends ends = out.ends;
    if (ends != null && out.up() && Ip.isLocal(out.stack, ends.local)) {
      IpPacket packet = IpPacket.of(ends.local, ends.remote, protocol, payload);
      kernel.ip.output(out.stack, packet, null, null);
    }
  }

  /** Unpacks a packet of a tunnel; returns false if it belongs to none. */
  boolean decapsulate(Stack stack, IpPacket packet) {
    int protocol = packet.protocol();
    boolean gif = protocol == IPIP || protocol == IPV6 || protocol == ETHERIP;
    Iface in = gif || protocol == GRE ? find(stack, gif ? "gif" : "gre", packet) : null;
    if (in == null) {
      return false;
    }
    byte[] payload = packet.payload();
    if (protocol == ETHERIP) {
      byte[] frame = Arrays.copyOfRange(payload, 2, payload.length);
      kernel.links.receive(in, Frame.parse(frame));
      return true;
    }
    int header = gif ? 0 : (packet.payloadShort(0) & KEY_PRESENT) == 0 ? 4 : 8;
    byte[] inner = Arrays.copyOfRange(payload, header, payload.length);
    in.inPackets++;
    in.inBytes += inner.length;
    int type = inner.length > 0 && inner[0] >> 4 == 6 ? Frame.IPV6 : Frame.IPV4;
    kernel.ip.input(in, new Frame(NOBODY, NOBODY, 0, type, inner));
    return true;
  }

  private static @Nullable Iface find(Stack stack, String kind, IpPacket packet) {
    Ends wanted = new Ends(packet.destination(), packet.source());
    for (Iface iface : List.copyOf(stack.interfaces)) {
      Ends ends = iface.ends;
      if (iface.kind.name().equals(kind) && ends != null && ends.same(wanted) && iface.up()) {
        return iface;
      }
    }
    return null;
  }
}
