// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

/** A flag of an interface, named as ifconfig(8) prints it. See netintro(4). */
public enum InterfaceFlag {
  /** Is administratively up. */
  UP,
  /** Has a broadcast address. */
  BROADCAST,
  /** Is turned on for debugging. */
  DEBUG,
  /** Is a loopback interface. */
  LOOPBACK,
  /** Is a point-to-point link. */
  POINTOPOINT,
  /** Has resources allocated and a carrier. */
  RUNNING,
  /** Uses no address resolution. */
  NOARP,
  /** Receives all packets. */
  PROMISC,
  /** Receives all multicast packets. */
  ALLMULTI,
  /** Cannot hear its own transmissions. */
  SIMPLEX,
  /** Supports multicast. */
  MULTICAST,
  /** Has a carrier on its lower layer (Linux). */
  LOWER_UP
}
