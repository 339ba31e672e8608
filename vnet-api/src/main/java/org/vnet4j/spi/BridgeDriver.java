// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import java.util.List;
import org.vnet4j.BridgeMember;
import org.vnet4j.LearnedAddress;

/** Operations on the bridges of one stack. See if_bridge(4). */
public interface BridgeDriver {

  /**
   * Adds a member.
   *
   * @param bridge the bridge
   * @param member an interface of the same stack that is in no bridge
   * @throws org.vnet4j.NetInterface.BusyException if the member is in a bridge already
   */
  void add(String bridge, String member);

  /**
   * Removes a member.
   *
   * @param bridge the bridge
   * @param member one of its members
   * @throws org.vnet4j.NetInterface.NotFoundException if the interface is not a member of the
   *     bridge
   */
  void delete(String bridge, String member);

  /**
   * Lists the members.
   *
   * @param bridge name of the bridge
   * @return the members in the order of their interface index
   */
  List<BridgeMember> members(String bridge);

  /**
   * Lists the MAC addresses that the bridge has learned.
   *
   * @param bridge the bridge
   * @return its forwarding table
   */
  List<LearnedAddress> learned(String bridge);

  /**
   * Returns whether the spanning tree protocol runs on the members of the bridge.
   *
   * @param bridge the bridge
   * @return true if it runs
   */
  boolean stp(String bridge);

  /**
   * Enables or disables the spanning tree protocol on all members.
   *
   * @param bridge the bridge
   * @param on true to enable it
   */
  void stp(String bridge, boolean on);

  /**
   * Sets the forward delay of the spanning tree protocol.
   *
   * @param bridge the bridge
   * @param delay 0 to 30 seconds; a delay below the kernel's least means the least
   */
  void forwardDelay(String bridge, Duration delay);
}
