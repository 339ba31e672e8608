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
import org.vnet4j.freebsd.sim.Stack;
import org.vnet4j.freebsd.sim.ioctl.Bpf;
import org.vnet4j.freebsd.sim.ioctl.BridgeIoctls;

/** An interface. */
public final class Iface {
  public final Kind kind;
  public final int index;

  /** The stack it was made in, to which it returns when the stack it is in ends. */
  public final Stack home;

  public final int unit;
  public Stack stack;
  public String name;
  public int flags;
  public int mtu;
  public int metric;
  public int fib;
  public int capabilities;
  public int linkState;
  public byte[] mac = new byte[0];
  public byte[] hardwareMac = new byte[0];
  @Nullable public String description;
  public final List<String> groups = new ArrayList<>();
  public final List<SimAddress> addresses = new ArrayList<>();
  public int neighbourFlags;

  /** The other end of an epair. */
  @Nullable public Iface peer;

  /** The bridge it is a member of. */
  @Nullable public Iface bridge;

  /** What a bridge has, a vlan or a vxlan. */
  public final List<BridgeIoctls.Member> members = new ArrayList<>();

  /** Which member of this bridge a MAC address was last heard from. */
  public final Map<ByteBuffer, Iface> learned = new HashMap<>();

  /** The packet filter devices that see its frames. */
  public final List<Bpf> listeners = new ArrayList<>();

  long inPackets;
  long inBytes;
  long outPackets;
  long outBytes;

  public byte[] vlan = new byte[0];
  public byte[] vxlan = new byte[0];

  /** Where a gif or gre leads. */
  Tunnels.@Nullable Ends ends;

  int greKey;
  public int cacheSize = 2000;
  public int timeout = 1200;
  public int priority = 0x8000;

  public Iface(Kind kind, String name, int unit, int index, Stack home) {
    this.kind = kind;
    this.name = name;
    this.unit = unit;
    this.index = index;
    this.home = home;
    this.stack = home;
    this.flags = kind.flags();
    this.mtu = kind.mtu();
    this.capabilities = kind.capabilities();
    this.linkState = kind.linkState();
    this.neighbourFlags =
        switch (kind.name()) {
          case "lo" -> 0x21;
          case "bridge" -> 0x09;
          default -> 0x29;
        };
    resetGroups();
  }

  public void resetGroups() {
    groups.clear();
    groups.add("all");
    groups.add(kind.name());
  }

  /** An IP packet passes: the devices see it. */
  void tap(Frame frame) {
    listeners.forEach(listener -> listener.tap(frame.bytes()));
  }

  /** It leaves its stack: the devices see no more. */
  public void unbind() {
    listeners.forEach(Bpf::unbind);
    listeners.clear();
  }

  public boolean up() {
    return (flags & FreeBsdAbi.constant("IFF_UP")) != 0;
  }

  boolean pointToPoint() {
    return (flags & FreeBsdAbi.constant("IFF_POINTOPOINT")) != 0;
  }

  public boolean loopback() {
    return kind == Kind.LO;
  }

  @Nullable
  public SimAddress find(byte[] bytes) {
    for (SimAddress address : addresses) {
      if (Arrays.equals(address.bytes, bytes)) {
        return address;
      }
    }
    return null;
  }

  public List<SimAddress> inet(boolean ipv6) {
    return addresses.stream().filter(a -> a.ipv6 == ipv6).toList();
  }
}
