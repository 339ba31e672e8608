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

/** A network interface of the simulated kernel. */
public final class Iface {
  public final Kind kind;
  public final int index;

  /**
   * The stack in which it was created, and to which it returns when a stack that borrows it ends.
   */
  public final Stack home;

  public final int unit;
  public Stack stack;
  public String name;
  public int flags;
  public int mtu;
  public int metric;
  public int fib;

  /** The capabilities that can be enabled. */
  public final int possible;

  public int capabilities;
  public int linkState;
  public byte[] mac = new byte[0];
  public byte[] hardwareMac = new byte[0];
  @Nullable public String description;
  public final List<String> groups = new ArrayList<>();
  public final List<SimAddress> addresses = new ArrayList<>();
  public int neighbourFlags;

  /** Whether duplicates of its link-local address are being detected; ends when it goes away. */
  public boolean detecting;

  /** The other end of an epair. */
  @Nullable public Iface peer;

  /** The bridge of which it is a member. */
  @Nullable public Iface bridge;

  /** The members of a bridge. */
  public final List<BridgeIoctls.Member> members = new ArrayList<>();

  /** For a bridge: the member that last received a frame from a MAC address. */
  public final Map<ByteBuffer, Iface> learned = new HashMap<>();

  /** The packet filter devices that capture its frames. */
  public final List<Bpf> listeners = new ArrayList<>();

  long inPackets;
  long inBytes;
  long outPackets;
  long outBytes;

  public byte[] vlan = new byte[0];
  public byte[] vxlan = new byte[0];

  /** The ends of a gif or gre tunnel. */
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
    this.possible =
        kind != Kind.EPAIR || home.kernel.release().epairLeavesOutChecksums()
            ? kind.capabilities()
            : FreeBsdAbi.constant("IFCAP_VLAN_MTU");
    this.capabilities = possible;
    this.linkState = kind.linkState();
    this.neighbourFlags =
        switch (kind.name()) {
          case "lo" -> 0x21;
          case "bridge" -> 0x09;
          default -> 0x29;
        };
    resetGroups(true);
  }

  /** Leaves all groups but {@code all} and, if {@code ofKind}, the group of its kind. */
  public void resetGroups(boolean ofKind) {
    groups.clear();
    groups.add("all");
    if (ofKind) {
      groups.add(kind.name());
    }
  }

  /** Passes an IP packet's frame to the packet filter devices. */
  void tap(Frame frame) {
    listeners.forEach(listener -> listener.tap(frame.bytes()));
  }

  /** Unbinds the packet filter devices, when the interface leaves its stack. */
  public void unbind() {
    listeners.forEach(Bpf::unbind);
    listeners.clear();
  }

  public boolean up() {
    return (flags & FreeBsdAbi.constant("IFF_UP")) != 0;
  }

  /** Returns whether the detection of duplicate addresses is switched off. */
  public boolean withoutDad() {
    return (neighbourFlags & FreeBsdAbi.constant("ND6_IFF_NO_DAD")) != 0;
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
