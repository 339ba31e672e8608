// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ioctl;

import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_BAUDRATE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_COLLISIONS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_IBYTES;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_IERRORS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_IMCASTS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_IPACKETS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_IQDROPS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_LINK_STATE;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_METRIC;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_MTU;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_OBYTES;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_OERRORS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_OMCASTS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_OPACKETS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_OQDROPS;
import static org.vnet4j.freebsd.ioctl.InterfaceAbi.IF_DATA_IFI_TYPE;

import org.vnet4j.posix.libc.Memory;

/**
 * The structure if_data: an interface's counters and the properties that its driver reports.
 *
 * @param type IFT_ETHER and others
 * @param linkState LINK_STATE_UP and others
 * @param mtu in bytes
 * @param metric of routing daemons
 * @param baudrate in bits per second
 * @param inPackets packets received
 * @param inErrors packets received with errors
 * @param outPackets packets sent
 * @param outErrors packets not sent because of an error
 * @param collisions on a shared medium
 * @param inBytes bytes received
 * @param outBytes bytes sent
 * @param inMulticasts multicast packets received
 * @param outMulticasts multicast packets sent
 * @param inDrops packets dropped on input
 * @param outDrops packets dropped on output
 */
public record InterfaceData(
    int type,
    int linkState,
    int mtu,
    int metric,
    long baudrate,
    long inPackets,
    long inErrors,
    long outPackets,
    long outErrors,
    long collisions,
    long inBytes,
    long outBytes,
    long inMulticasts,
    long outMulticasts,
    long inDrops,
    long outDrops) {

  public static InterfaceData decode(Memory memory, int offset) {
    return new InterfaceData(
        memory.getByte(offset + IF_DATA_IFI_TYPE),
        memory.getByte(offset + IF_DATA_IFI_LINK_STATE),
        memory.getInt(offset + IF_DATA_IFI_MTU),
        memory.getInt(offset + IF_DATA_IFI_METRIC),
        memory.getLong(offset + IF_DATA_IFI_BAUDRATE),
        memory.getLong(offset + IF_DATA_IFI_IPACKETS),
        memory.getLong(offset + IF_DATA_IFI_IERRORS),
        memory.getLong(offset + IF_DATA_IFI_OPACKETS),
        memory.getLong(offset + IF_DATA_IFI_OERRORS),
        memory.getLong(offset + IF_DATA_IFI_COLLISIONS),
        memory.getLong(offset + IF_DATA_IFI_IBYTES),
        memory.getLong(offset + IF_DATA_IFI_OBYTES),
        memory.getLong(offset + IF_DATA_IFI_IMCASTS),
        memory.getLong(offset + IF_DATA_IFI_OMCASTS),
        memory.getLong(offset + IF_DATA_IFI_IQDROPS),
        memory.getLong(offset + IF_DATA_IFI_OQDROPS));
  }
}
