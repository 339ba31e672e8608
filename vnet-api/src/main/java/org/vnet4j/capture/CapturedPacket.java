// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import java.time.Instant;

/**
 * A captured packet.
 *
 * @param time time of the capture by the kernel's clock, in nanoseconds if the kernel is that
 *     precise
 * @param length its length on the wire in bytes
 * @param bytes its kept bytes, starting with the Ethernet header; the array is not copied
 */
public record CapturedPacket(Instant time, int length, byte[] bytes) {

  /**
   * Returns the time and the length.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return time + " " + length + " bytes";
  }
}
