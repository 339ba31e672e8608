// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.route;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.freebsd.ioctl.InterfaceData;
import org.vnet4j.net.MacAddress;

/** A message of a routing socket, see route(4): an answer to a request, or an event. */
public sealed interface RouteMessage {
  /** Returns the message type: RTM_ADD and others. */
  int type();

  /**
   * A route was added, deleted or changed, or is the answer to a query.
   *
   * @param type RTM_ADD and others
   * @param index index of the interface
   * @param flags RTF_UP and others
   * @param pid the requesting process, 0 for none
   * @param seq the sequence number of its request
   * @param errno 0, or the error of the request
   * @param mtu of the route in bytes, 0 if it has none
   * @param destination an address, to be read with the prefix length
   * @param prefixLength in bits; empty for a route to one host, whatever the flags
   * @param gateway the next hop; empty if it is an interface
   * @param interfaceName the interface, if the message has it
   * @param source the source address of outgoing packets, if the message has it
   */
  record Route(
      int type,
      int index,
      int flags,
      int pid,
      int seq,
      int errno,
      int mtu,
      @Nullable InetAddress destination,
      Optional<Integer> prefixLength,
      Optional<InetAddress> gateway,
      Optional<String> interfaceName,
      Optional<InetAddress> source)
      implements RouteMessage {}

  /**
   * An interface changed: RTM_IFINFO.
   *
   * @param type RTM_IFINFO
   * @param index index of the interface
   * @param flags IFF_UP and others
   * @param data counters and link state
   */
  record InterfaceChange(int type, int index, int flags, InterfaceData data)
      implements RouteMessage {}

  /**
   * An interface arrived in this stack or left it: RTM_IFANNOUNCE. A rename causes both.
   *
   * @param type RTM_IFANNOUNCE
   * @param index index of the interface
   * @param name its name
   * @param arrived true for an arrival, false for a departure
   */
  record InterfaceMove(int type, int index, String name, boolean arrived) implements RouteMessage {}

  /**
   * An address was added or removed: RTM_NEWADDR, RTM_DELADDR, RTM_NEWMADDR, RTM_DELMADDR.
   *
   * @param type RTM_NEWADDR and others
   * @param index index of the interface
   * @param flags of the address
   * @param address the address; empty for an unknown family
   * @param prefixLength in bits, if it has one
   * @param mac the interface's MAC address, if it has one
   */
  record AddressChange(
      int type,
      int index,
      int flags,
      Optional<InetAddress> address,
      Optional<Integer> prefixLength,
      Optional<MacAddress> mac)
      implements RouteMessage {}

  /**
   * A message of another type, or one that cannot be decoded.
   *
   * @param type its message type
   */
  record Other(int type) implements RouteMessage {}
}
