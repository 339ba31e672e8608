// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

/**
 * A member of a bridge. See if_bridge(4).
 *
 * @param name the interface
 * @param state what the spanning tree protocol lets it do: {@code disabled}, {@code listening},
 *     {@code learning}, {@code forwarding}, {@code blocking} or {@code discarding}
 * @param learning whether the bridge learns addresses on it
 * @param pathCost its cost for the spanning tree protocol
 */
public record BridgeMember(String name, String state, boolean learning, long pathCost) {}
