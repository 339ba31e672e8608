// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.vnet4j.net.Names;

/**
 * A member of a bridge. See if_bridge(4).
 *
 * @param name the interface
 * @param state its state in the spanning tree protocol: {@code disabled}, {@code listening}, {@code
 *     learning}, {@code forwarding}, {@code blocking} or {@code discarding}
 * @param learning whether the bridge learns addresses on it
 * @param pathCost its cost for the spanning tree protocol
 */
public record BridgeMember(String name, String state, boolean learning, long pathCost) {

  /**
   * Returns the member as ifconfig(8) prints it.
   *
   * @return such as {@code member: em0 flags=<LEARNING> path cost 2 state forwarding}
   */
  @Override
  public String toString() {
    String flags = learning ? "LEARNING" : "";
    return "member: "
        + Names.visible(name)
        + " flags=<"
        + flags
        + "> path cost "
        + pathCost
        + " state "
        + state;
  }
}
