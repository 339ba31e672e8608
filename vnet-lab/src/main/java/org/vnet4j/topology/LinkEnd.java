// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.Shaping;

/**
 * One end of a link: an interface of a node.
 *
 * @param node the node
 * @param iface the interface's name, 1 to 15 characters; if empty, the topology names it after the
 *     node at the other end, as in {@code to-web}
 * @param addresses its addresses, of either family; none on a switch
 * @param shaping the shaping of packets that leave the interface
 */
public record LinkEnd(String node, String iface, List<Cidr> addresses, Shaping shaping) {

  /** Copies the list. */
  public LinkEnd {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(iface, "iface");
    addresses = List.copyOf(addresses);
    shaping = shaping.isNone() ? Shaping.NONE : shaping;
  }

  /**
   * Creates an end without addresses. The topology names its interface.
   *
   * @param node the node
   * @return the end
   */
  public static LinkEnd of(String node) {
    return new LinkEnd(node, "", List.of(), Shaping.NONE);
  }

  /**
   * Names the interface.
   *
   * @param name 1 to 15 letters, digits, {@code _ . @ -}
   * @return a copy of this end with the change
   */
  public LinkEnd iface(String name) {
    return new LinkEnd(node, name, addresses, shaping);
  }

  /**
   * Adds an address.
   *
   * @param address with its prefix length, as in {@code 192.0.2.2/24}
   * @return a copy of this end with the change
   * @throws IllegalArgumentException if the text is not an address with a prefix length
   */
  public LinkEnd address(String address) {
    return address(Cidr.parse(address));
  }

  LinkEnd address(Cidr address) {
    List<Cidr> all = new ArrayList<>(addresses);
    all.add(address);
    return new LinkEnd(node, iface, all, shaping);
  }

  /**
   * Sets the shaping of packets that leave this end.
   *
   * @param line the shaping of this direction
   * @return a copy of this end with the change
   */
  public LinkEnd shape(Shaping line) {
    return new LinkEnd(node, iface, addresses, line);
  }

  /** Returns the addresses of one family. */
  List<Cidr> addresses(boolean ipv6) {
    return addresses.stream().filter(address -> address.isIpv6() == ipv6).toList();
  }

  /**
   * Returns node, interface, addresses and shaping.
   *
   * @return such as {@code web:to-r1 192.0.2.2/24 (rate 8Mbit queue 50)}
   */
  @Override
  public String toString() {
    String text = iface.isEmpty() ? node : node + ":" + iface;
    String all = addresses.stream().map(a -> " " + a).collect(Collectors.joining());
    return text + all + (shaping.isNone() ? "" : " (" + shaping + ")");
  }
}
