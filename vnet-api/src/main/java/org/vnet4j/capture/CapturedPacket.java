// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import java.time.Instant;

/**
 * A packet that passed.
 *
 * @param time when, by the kernel's clock, to the nanosecond where it reports that
 * @param length its length on the wire in bytes
 * @param bytes what was kept of it, from the Ethernet header on; not copied
 */
public record CapturedPacket(Instant time, int length, byte[] bytes) {

  /**
   * Says how long it is.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return time + " " + length + " bytes";
  }
}
