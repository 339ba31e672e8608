// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;

/** The kernel's notifications for one stack, from the moment the source was opened. */
public interface EventSource extends AutoCloseable {

  /**
   * Waits until a notification is available.
   *
   * @param timeout longest time to wait
   * @return false if the time ran out or the source was closed
   */
  boolean await(Duration timeout);

  /**
   * Reads the available notifications, without waiting.
   *
   * @param sink receives them in the kernel's order
   */
  void read(EventSink sink);

  /**
   * Returns whether more notifications may follow.
   *
   * @return false once the source or its stack was closed
   */
  boolean isOpen();

  /** Ends a wait in another thread and closes the source. Idempotent. */
  @Override
  void close();
}
