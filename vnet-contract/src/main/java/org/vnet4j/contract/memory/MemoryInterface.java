// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vnet4j.InterfaceInfo;
import org.vnet4j.LinkStatus;
import org.vnet4j.Owner;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceFlag;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.MacAddress;
import org.vnet4j.net.Shaping;

/** An interface of the kernel in memory. */
final class MemoryInterface {
  final int index;
  final InterfaceKind kind;
  final int home;
  final List<Cidr> addresses = new ArrayList<>();
  String name;
  boolean up;
  boolean stp;
  int mtu = 1500;
  String text = "";
  MacAddress mac;
  @Nullable String bridge;
  @Nullable MemoryInterface peer;
  @Nullable Shaping shaping;
  @Nullable Owner owner;
  String tag = "";

  MemoryInterface(int index, InterfaceKind kind, String name, int home) {
    this.index = index;
    this.kind = kind;
    this.name = name;
    this.home = home;
    this.mac = new MacAddress(0x0200_0000_0000L + index);
  }

  boolean isLoopback() {
    return kind == InterfaceKind.LOOPBACK;
  }

  /** Clears the properties that an interface loses in a move. */
  void strip() {
    addresses.clear();
    bridge = null;
    shaping = null;
    up = false;
  }

  InterfaceInfo info() {
    Set<InterfaceFlag> flags = EnumSet.of(InterfaceFlag.MULTICAST);
    flags.add(isLoopback() ? InterfaceFlag.LOOPBACK : InterfaceFlag.BROADCAST);
    if (up) {
      flags.add(InterfaceFlag.UP);
    }
    return new InterfaceInfo(
        name,
        index,
        kind,
        flags,
        0x8000 | (up ? 1 : 0) | (isLoopback() ? 8 : 2),
        mtu,
        isLoopback() ? Optional.empty() : Optional.of(mac),
        addresses.stream().sorted(Comparator.comparing(Cidr::isIpv6)).toList(),
        List.of(kind.toString()),
        LinkStatus.ACTIVE,
        Optional.ofNullable(bridge),
        text);
  }
}
