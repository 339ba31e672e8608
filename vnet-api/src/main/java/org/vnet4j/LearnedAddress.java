// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.vnet4j.net.MacAddress;

/**
 * A MAC address in the forwarding table of a bridge.
 *
 * @param address MAC address of the station
 * @param member name of the bridge member that it was learned on
 * @param fixed true if it does not age
 */
public record LearnedAddress(MacAddress address, String member, boolean fixed) {}
