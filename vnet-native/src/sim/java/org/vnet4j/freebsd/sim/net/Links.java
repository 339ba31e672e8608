// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.net;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.sim.FreeBsdAbi;
import org.vnet4j.freebsd.sim.SimKernel;
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.Struct;
import org.vnet4j.freebsd.sim.ioctl.BridgeIoctls;

/**
 * The link layer: carries frames along epairs, through bridges, VLANs and tunnels. Delivery is
 * immediate and on the caller's thread, except through a pipe; frames without a receiver are lost.
 */
public final class Links {
  public static final String BRIDGE_IPFW = "net.link.bridge.ipfw";

  private static final int MOST_HOPS = 64;
  private static final int VXLAN_HEADER = 8;
  private static final int UDP_HEADER = 8;
  private static final int VXLAN_VALID = 0x08000000;

  private final SimKernel kernel;
  private final Map<ByteBuffer, byte[]> answers = new HashMap<>();
  private int hops;

  public Links(SimKernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Asks every interface on the link for the MAC address of an IP address; returns null without an
   * answer.
   */
  byte @Nullable [] resolve(Iface out, byte[] address) {
    ByteBuffer key = ByteBuffer.wrap(address);
    answers.remove(key);
    byte[] question = new byte[1 + address.length];
    question[0] = 1;
    System.arraycopy(address, 0, question, 1, address.length);
    transmit(out, Frame.toAll(out.mac, Frame.ASK, question));
    return answers.remove(key);
  }

  /** Sends a frame out of an interface, through its dummynet pipe if it has one. */
  void transmit(Iface out, Frame frame) {
    Pipe pipe = frame.isIp() && out.up() ? out.stack.dummynet.pipeOf(out) : null;
    if (pipe == null) {
      send(out, frame);
    } else {
      Stack from = out.stack;
      pipe.take(
          () -> {
            if (out.stack == from) {
              send(out, frame);
            }
          });
    }
  }

  private void send(Iface out, Frame frame) {
    if (!out.up() || hops >= MOST_HOPS) {
      return;
    }
    if (frame.isIp()) {
      out.outPackets++;
      out.outBytes += frame.length();
      out.tap(frame);
    }
    hops++;
    try {
      Iface peer = out.peer;
      if (peer != null) {
        receive(peer, frame);
      } else if (out.kind == Kind.BRIDGE) {
        forward(out, null, frame);
      } else if (out.kind.name().equals("vlan")) {
        Iface below = out.vlan.length == 0 ? null : out.stack.find(vlan(out).getText("vlr_parent"));
        if (below != null) {
          transmit(below, frame.tagged(vlan(out).getShort("vlr_tag")));
        }
      } else if (out.kind.name().equals("vxlan") && out.vxlan.length > 0) {
        encapsulate(out, frame);
      } else if (out.kind.name().equals("gif")) {
        kernel.tunnels.send(out, frame);
      }
    } finally {
      hops--;
    }
  }

  private static Struct vlan(Iface iface) {
    return new Struct("vlanreq", iface.vlan);
  }

  /** Handles a frame that an interface receives: its bridge forwards it, or its stack takes it. */
  void receive(Iface in, Frame frame) {
    if (!in.up()) {
      return;
    }
    count(in, frame);
    Iface bridge = in.bridge;
    if (bridge != null && bridge.up()) {
      bridge.learned.put(ByteBuffer.wrap(frame.from()), in);
      forward(bridge, in, frame);
    } else {
      take(in, frame);
    }
  }

  private static void count(Iface in, Frame frame) {
    if (frame.isIp()) {
      in.inPackets++;
      in.inBytes += frame.length();
      in.tap(frame);
    }
  }

  /**
   * Forwards a frame of a member, or of the bridge's own stack if {@code from} is null, as
   * if_bridge does.
   */
  private void forward(Iface bridge, @Nullable Iface from, Frame frame) {
    if (from != null) {
      List<Iface> own = new ArrayList<>(List.of(bridge));
      bridge.members.forEach(member -> own.add(member.iface()));
      for (Iface iface : own) {
        if (Arrays.equals(iface.mac, frame.to()) || frame.toGroup() && iface == bridge) {
          take(iface, frame);
          if (!frame.toGroup()) {
            return;
          }
        }
      }
    }
    Iface known = frame.toGroup() ? null : bridge.learned.get(ByteBuffer.wrap(frame.to()));
    for (BridgeIoctls.Member member : List.copyOf(bridge.members)) {
      Iface iface = member.iface();
      if (iface != from && (known == null || known == iface)) {
        // ipfw does not filter a second time what the bridge's own stack sends.
        if (from != null && bridge.stack.variables.get(BRIDGE_IPFW) != 0) {
          transmit(iface, frame);
        } else {
          send(iface, frame);
        }
      }
    }
  }

  /** Handles a frame addressed to this interface or to a group. */
  private void take(Iface in, Frame frame) {
    if (frame.tag() != 0) {
      for (Iface vlan : List.copyOf(in.stack.interfaces)) {
        if (vlan.vlan.length > 0
            && vlan(vlan).getText("vlr_parent").equals(in.name)
            && vlan(vlan).getShort("vlr_tag") == frame.tag()) {
          receive(vlan, frame.tagged(0));
        }
      }
    } else if (frame.type() == Frame.ASK) {
      answer(in, frame);
    } else if (frame.isIp() && (frame.toGroup() || Arrays.equals(in.mac, frame.to()))) {
      if (in.kind == Kind.BRIDGE) {
        count(in, frame);
      }
      kernel.ip.input(in, frame);
    }
  }

  private void answer(Iface in, Frame frame) {
    byte[] address = Arrays.copyOfRange(frame.payload(), 1, frame.payload().length);
    if (frame.payload()[0] == 2) {
      answers.put(ByteBuffer.wrap(address), frame.from());
    } else if (in.find(address) != null) {
      byte[] answer = frame.payload().clone();
      answer[0] = 2;
      transmit(in, new Frame(frame.from(), in.mac, 0, Frame.ASK, answer));
    }
  }

  // ---- vxlan tunnels, RFC 7348

  private void encapsulate(Iface tunnel, Frame frame) {
    Struct parameters = new Struct("ifvxlanparam", tunnel.vxlan);
    byte[] inner = frame.bytes();
    int length = UDP_HEADER + VXLAN_HEADER + inner.length;
    ByteBuffer udp = ByteBuffer.allocate(length);
    udp.putShort((short) parameters.getShort("vxlp_local_port"));
    udp.putShort((short) parameters.getShort("vxlp_remote_port"));
    udp.putShort((short) length).putShort((short) 0);
    udp.putInt(VXLAN_VALID).putInt(parameters.getInt("vxlp_vni") << 8).put(inner);
    byte[] local = address(parameters.get("vxlp_local_sa", 28));
    byte[] remote = address(parameters.get("vxlp_remote_sa", 28));
    kernel.ip.output(
        tunnel.stack, IpPacket.of(local, remote, IpPacket.UDP, udp.array()), null, null);
  }

  private static byte[] address(byte[] sockaddr) {
    return sockaddr[1] == FreeBsdAbi.constant("AF_INET")
        ? Arrays.copyOfRange(sockaddr, 4, 8)
        : Arrays.copyOfRange(sockaddr, 8, 24);
  }

  /** Unpacks a packet of a vxlan tunnel; returns false if it belongs to none. */
  boolean decapsulate(Stack stack, IpPacket packet) {
    if (packet.protocol() != IpPacket.UDP) {
      return false;
    }
    byte[] udp = packet.payload();
    for (Iface iface : List.copyOf(stack.interfaces)) {
      if (iface.vxlan.length > 0 && udp.length >= UDP_HEADER + VXLAN_HEADER) {
        Struct parameters = new Struct("ifvxlanparam", iface.vxlan);
        int number = ByteBuffer.wrap(udp).getInt(UDP_HEADER + 4) >>> 8;
        if (packet.payloadShort(2) == parameters.getShort("vxlp_local_port")
            && number == parameters.getInt("vxlp_vni")) {
          byte[] inner = Arrays.copyOfRange(udp, UDP_HEADER + VXLAN_HEADER, udp.length);
          receive(iface, Frame.parse(inner));
          return true;
        }
      }
    }
    return false;
  }
}
