// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.InterfaceFlag;
import org.vnet4j.net.InterfaceKind;
import org.vnet4j.net.IpText;
import org.vnet4j.net.MacAddress;
import org.vnet4j.net.Names;

/**
 * A snapshot of an interface. {@link #toString()} reads like ifconfig(8).
 *
 * @param name its name
 * @param index its interface index, which may change when the interface moves
 * @param kind the kind of interface
 * @param flags its flags
 * @param rawFlags the flags as the kernel gave them
 * @param mtu largest packet in bytes
 * @param lladdr its MAC address, empty if it has none
 * @param addresses its addresses, IPv4 first
 * @param groups the groups it is in; on Linux its kind, and {@link #FALLBACK}
 * @param status whether there is a carrier
 * @param bridge the bridge it is a member of, empty if none
 * @param text its description, empty if none
 */
public record InterfaceInfo(
    String name,
    int index,
    InterfaceKind kind,
    Set<InterfaceFlag> flags,
    int rawFlags,
    int mtu,
    Optional<MacAddress> lladdr,
    List<Cidr> addresses,
    List<String> groups,
    LinkStatus status,
    Optional<String> bridge,
    String text) {

  /**
   * The group of a fallback device: Linux makes one of each tunnel module that is loaded ({@code
   * gre0}, {@code sit0}, {@code tunl0}) in every new stack. It cannot be destroyed.
   */
  public static final String FALLBACK = "fallback";

  /** Copies the collections. */
  public InterfaceInfo {
    flags =
        flags.isEmpty() ? Set.of() : java.util.Collections.unmodifiableSet(EnumSet.copyOf(flags));
    addresses = List.copyOf(addresses);
    groups = List.copyOf(groups);
  }

  /**
   * Returns whether the interface is administratively up.
   *
   * @return true for up
   */
  public boolean isUp() {
    return flags.contains(InterfaceFlag.UP);
  }

  /**
   * Returns the interface as ifconfig(8) prints it.
   *
   * @return several lines, the further ones indented by a tab, without a newline at the end
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    String names = flags.stream().map(Enum::name).collect(Collectors.joining(","));
    out.append(Names.visible(name)).append(": flags=").append(Integer.toHexString(rawFlags));
    out.append('<').append(names).append("> mtu ").append(mtu);
    if (!text.isEmpty()) {
      out.append("\n\tdescription: ").append(Names.visible(text));
    }
    lladdr.ifPresent(address -> out.append("\n\tether ").append(address));
    addresses.forEach(address -> out.append("\n\t").append(line(address)));
    if (!groups.isEmpty()) {
      out.append("\n\tgroups: ").append(Names.visible(String.join(" ", groups)));
    }
    bridge.ifPresent(of -> out.append("\n\tmember of: ").append(Names.visible(of)));
    if (status != LinkStatus.UNKNOWN) {
      out.append("\n\tstatus: ").append(status);
    }
    return out.toString();
  }

  private String line(Cidr cidr) {
    InetAddress address = cidr.address();
    if (cidr.isIpv6()) {
      String zone = address.isLinkLocalAddress() ? "%" + Names.visible(name) : "";
      String scope = zone.isEmpty() ? "" : " scopeid 0x" + Integer.toHexString(index);
      return "inet6 " + IpText.of(address) + zone + " prefixlen " + cidr.prefixLength() + scope;
    }
    int mask = cidr.prefixLength() == 0 ? 0 : -1 << 32 - cidr.prefixLength();
    String line = "inet " + IpText.of(address) + " netmask 0x" + String.format("%08x", mask);
    return flags.contains(InterfaceFlag.BROADCAST)
        ? line + " broadcast " + IpText.of(cidr.broadcast())
        : line;
  }
}
