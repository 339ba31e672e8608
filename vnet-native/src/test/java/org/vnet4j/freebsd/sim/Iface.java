// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An interface. */
final class Iface {
  final Kind kind;
  final int index;

  /** Where it was made, and where it goes when the stack it is in ends. */
  final Stack home;

  final int unit;
  Stack stack;
  String name;
  int flags;
  int mtu;
  int metric;
  int fib;
  int capabilities;
  int linkState;
  byte[] mac = new byte[0];
  byte[] hardwareMac = new byte[0];
  @Nullable String description;
  final List<String> groups = new ArrayList<>();
  final List<Address> addresses = new ArrayList<>();
  int neighbourFlags;

  /** The other end of an epair. */
  @Nullable Iface peer;

  /** The bridge it is a member of. */
  @Nullable Iface bridge;

  /** What a bridge has, a vlan or a vxlan. */
  final List<BridgeIoctls.Member> members = new ArrayList<>();

  /** Which member of this bridge a MAC address was last heard from. */
  final Map<ByteBuffer, Iface> learned = new HashMap<>();

  /** The packet filter devices that see its frames. */
  final List<Bpf> listeners = new ArrayList<>();

  long inPackets;
  long inBytes;
  long outPackets;
  long outBytes;

  byte[] vlan = new byte[0];
  byte[] vxlan = new byte[0];

  /** Where a gif or gre leads. */
  Tunnels.@Nullable Ends ends;

  int greKey;
  int cacheSize = 2000;
  int timeout = 1200;
  int priority = 0x8000;

  Iface(Kind kind, String name, int unit, int index, Stack home) {
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

  void resetGroups() {
    groups.clear();
    groups.add("all");
    groups.add(kind.name());
  }

  /** An IP packet goes by: the devices see it. */
  void tap(Frame frame) {
    listeners.forEach(listener -> listener.tap(frame.bytes()));
  }

  /** It leaves its stack: the devices see no more. */
  void unbind() {
    listeners.forEach(Bpf::unbind);
    listeners.clear();
  }

  boolean up() {
    return (flags & Abi.constant("IFF_UP")) != 0;
  }

  boolean pointToPoint() {
    return (flags & Abi.constant("IFF_POINTOPOINT")) != 0;
  }

  boolean loopback() {
    return kind == Kind.LO;
  }

  @Nullable Address find(byte[] bytes) {
    for (Address address : addresses) {
      if (Arrays.equals(address.bytes, bytes)) {
        return address;
      }
    }
    return null;
  }

  List<Address> inet(boolean ipv6) {
    return addresses.stream().filter(a -> a.ipv6 == ipv6).toList();
  }
}
