// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vnet4j.capture.CapturedPacket;

/** Packets that pass one interface, from the moment this was opened on. */
public interface PacketSource extends AutoCloseable {

  /**
   * Waits for a packet.
   *
   * @param timeout how long to wait
   * @return the packet, or null if none came or the source was closed
   */
  @Nullable CapturedPacket receive(Duration timeout);

  /**
   * Counts what the kernel had no room for.
   *
   * @return packets dropped so far
   */
  long drops();

  /**
   * Returns whether there may be more.
   *
   * @return false once it was closed, or its stack was
   */
  boolean isOpen();

  /** Ends a wait, and gives up what was opened. Idempotent. */
  @Override
  void close();
}
