// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;

/**
 * Signals that the set of jails may have changed. It may wake without a change but never misses one
 * that lasts: only a jail that is created and removed between two scans stays unnoticed. One thread
 * waits; any thread may wake it.
 */
public interface JailWatch extends AutoCloseable {

  /**
   * Waits until the set of jails may have changed, or until {@link #wake} or {@link #close} is
   * called.
   */
  void await();

  /** Ends the current wait, or the next one if no thread waits. */
  void wake();

  /** Ends a wait and closes the watch. Idempotent. */
  @Override
  void close();

  /**
   * Creates a watch that wakes at a fixed interval.
   *
   * @param interval time between two scans; fractions of a millisecond are ignored
   * @return the watch
   */
  static JailWatch polling(Duration interval) {
    return new JailPolling(interval.toMillis());
  }
}
