// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.MacAddress;

/** What a route socket says, see route(4): an answer to a request, or what happened. */
sealed interface RouteMessage {
  /** RTM_ADD and others, which tells what happened. */
  int type();

  /**
   * A route was added, deleted or changed, or is the answer to a question.
   *
   * @param type RTM_ADD and others
   * @param index the interface's number
   * @param flags RTF_UP and others
   * @param pid the process that asked, 0 for none
   * @param seq the number it gave its request
   * @param errno 0, or why it was refused
   * @param mtu of the route in bytes, 0 if it has none
   * @param destination an address, with the prefix length
   * @param prefixLength in bits; empty for a route to one host, whatever the flags
   * @param gateway the next hop; empty if it is an interface
   * @param interfaceName the interface, if it was told
   * @param source the address packets leave with, if it was told
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
   * @param index the interface's number
   * @param flags IFF_UP and others
   * @param data counters and link state
   */
  record InterfaceChange(int type, int index, int flags, InterfaceData data)
      implements RouteMessage {}

  /**
   * An interface came into this stack or left it: RTM_IFANNOUNCE. A rename is one of each.
   *
   * @param type RTM_IFANNOUNCE
   * @param index the interface's number
   * @param name its name
   * @param arrived whether it came
   */
  record InterfaceMove(int type, int index, String name, boolean arrived) implements RouteMessage {}

  /**
   * An address came or went: RTM_NEWADDR, RTM_DELADDR, RTM_NEWMADDR, RTM_DELMADDR.
   *
   * @param type which of them
   * @param index the interface's number
   * @param flags of the address
   * @param address it; empty for a family we do not know
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
   * Something else.
   *
   * @param type which we have no use for
   */
  record Other(int type) implements RouteMessage {}
}
