// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;

/** What a kernel reports about one stack, from the moment this was opened on. */
public interface EventSource extends AutoCloseable {

  /**
   * Waits until the kernel reported something.
   *
   * @param timeout how long to wait at most
   * @return false if there is nothing, or the source was closed
   */
  boolean await(Duration timeout);

  /**
   * Takes what the kernel reported, without waiting.
   *
   * @param sink receives the events in the order of the kernel
   */
  void read(EventSink sink);

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
