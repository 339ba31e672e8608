// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.util.Arrays;

/**
 * What kind of interface one is, in the words of ifconfig(8). Further kinds may be added: a {@code
 * switch} needs a default.
 */
public enum InterfaceKind {
  /** One end of a virtual Ethernet cable. See epair(4), veth(4). */
  EPAIR("epair"),
  /** A software bridge. See if_bridge(4). */
  BRIDGE("bridge"),
  /** An Ethernet interface whose other side is a program. See tap(4). */
  TAP("tap"),
  /** An 802.1Q network on another interface. See vlan(4). */
  VLAN("vlan"),
  /** An Ethernet network carried in UDP packets. See vxlan(4). */
  VXLAN("vxlan"),
  /** A tunnel by generic routing encapsulation, for packets or frames. See gre(4). */
  GRE("gre"),
  /** A tunnel for IP packets in IP packets. See gif(4). */
  GIF("gif"),
  /** A loopback interface. See lo(4). */
  LOOPBACK("lo"),
  /** A physical interface; on FreeBSD, whatever is none of the above. */
  ETHER("ether"),
  /** A kind that has no name here; {@code InterfaceInfo.groups()} has the kernel's word for it. */
  OTHER("other");

  private final String word;

  InterfaceKind(String word) {
    this.word = word;
  }

  /**
   * Finds a kind.
   *
   * @param word such as {@code epair} or {@code lo}
   * @return {@link #OTHER} if no kind is called so
   */
  public static InterfaceKind of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst().orElse(OTHER);
  }

  /**
   * Returns what interfaces of this kind are called, before their number.
   *
   * @return such as {@code epair}, {@code lo}
   */
  @Override
  public String toString() {
    return word;
  }
}
