// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

/**
 * What an interface has counted since it was made. See netstat(1).
 *
 * @param packetsIn packets received
 * @param bytesIn bytes received
 * @param errorsIn packets received with errors
 * @param dropsIn packets dropped on the way in
 * @param packetsOut packets sent
 * @param bytesOut bytes sent
 * @param errorsOut packets that could not be sent
 * @param dropsOut packets dropped on the way out
 * @param multicastIn multicast packets received
 * @param collisions collisions on the wire
 */
public record InterfaceCounters(
    long packetsIn,
    long bytesIn,
    long errorsIn,
    long dropsIn,
    long packetsOut,
    long bytesOut,
    long errorsOut,
    long dropsOut,
    long multicastIn,
    long collisions) {}
