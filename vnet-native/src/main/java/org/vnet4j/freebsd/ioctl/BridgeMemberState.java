// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_ADDRCNT;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_IFSFLAGS;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_IFSNAME;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_PATH_COST;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_PORTNO;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_PRIORITY;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_ROLE;
import static org.vnet4j.freebsd.ioctl.BridgeAbi.IFBREQ_IFBR_STATE;

import org.vnet4j.posix.libc.Memory;

/**
 * The structure ifbreq: the state of one bridge member.
 *
 * @param name name of the interface
 * @param flags IFBIF_LEARNING and others
 * @param pathCost spanning tree path cost
 * @param port index of the interface
 * @param priority spanning tree priority
 * @param role spanning tree role
 * @param state spanning tree state
 * @param addresses number of addresses learned on the member
 */
public record BridgeMemberState(
    String name,
    int flags,
    int pathCost,
    int port,
    int priority,
    int role,
    int state,
    int addresses) {

  public static BridgeMemberState decode(Memory memory, int offset) {
    return new BridgeMemberState(
        Ifreq.name(memory, offset + IFBREQ_IFBR_IFSNAME),
        memory.getInt(offset + IFBREQ_IFBR_IFSFLAGS),
        memory.getInt(offset + IFBREQ_IFBR_PATH_COST),
        memory.getByte(offset + IFBREQ_IFBR_PORTNO),
        memory.getByte(offset + IFBREQ_IFBR_PRIORITY),
        memory.getByte(offset + IFBREQ_IFBR_ROLE),
        memory.getByte(offset + IFBREQ_IFBR_STATE),
        memory.getInt(offset + IFBREQ_IFBR_ADDRCNT));
  }
}
