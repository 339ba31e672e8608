// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.util.Arrays;

/**
 * The kind of an interface, named as in ifconfig(8). Later versions may add kinds: a {@code switch}
 * needs a default.
 */
public enum InterfaceKind {
  /** One end of an epair: two Ethernet interfaces joined back to back. See epair(4), veth(4). */
  EPAIR("epair"),
  /** A software bridge. See if_bridge(4). */
  BRIDGE("bridge"),
  /** An Ethernet interface with a program at its other side. See tap(4). */
  TAP("tap"),
  /** An 802.1Q VLAN on a parent interface. See vlan(4). */
  VLAN("vlan"),
  /** An Ethernet network carried in UDP packets. See vxlan(4). */
  VXLAN("vxlan"),
  /** A tunnel by generic routing encapsulation, for packets or frames. See gre(4). */
  GRE("gre"),
  /** A tunnel for IP packets in IP packets. See gif(4). */
  GIF("gif"),
  /** A loopback interface. See lo(4). */
  LOOPBACK("lo"),
  /** A physical interface; on FreeBSD, any interface of no kind above. */
  ETHER("ether"),
  /**
   * A kind without a constant here; {@code InterfaceInfo.groups()} holds the kernel's name for it.
   */
  OTHER("other");

  private final String word;

  InterfaceKind(String word) {
    this.word = word;
  }

  /**
   * Returns the kind of a name.
   *
   * @param word such as {@code epair} or {@code lo}
   * @return the kind, {@link #OTHER} if no kind has that name
   */
  public static InterfaceKind of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst().orElse(OTHER);
  }

  /**
   * Returns the name of this kind, which begins the name of its interfaces.
   *
   * @return such as {@code epair}, {@code lo}
   */
  @Override
  public String toString() {
    return word;
  }
}
