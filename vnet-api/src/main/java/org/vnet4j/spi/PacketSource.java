// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.vnet4j.capture.CapturedPacket;

/** The packets that one interface sends and receives, from the moment the source was opened. */
public interface PacketSource extends AutoCloseable {

  /**
   * Waits for a packet.
   *
   * @param timeout longest time to wait
   * @return the packet, or null if the time ran out or the source was closed
   */
  @Nullable CapturedPacket receive(Duration timeout);

  /**
   * Returns how many packets the kernel dropped because its buffer was full.
   *
   * @return number of packets dropped so far
   */
  long drops();

  /**
   * Returns whether more packets may follow.
   *
   * @return false once the source or its stack was closed
   */
  boolean isOpen();

  /** Ends a wait in another thread and closes the source. Idempotent. */
  @Override
  void close();
}
