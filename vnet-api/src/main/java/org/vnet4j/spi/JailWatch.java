// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.time.Duration;

/**
 * Signals that the set of jails may have changed. It wakes spuriously at times and never misses a
 * change: what appeared and vanished between two looks is all that may stay unreported. For one
 * thread that waits, and others that wake it.
 */
public interface JailWatch extends AutoCloseable {

  /** Waits until jails may have been created or removed, or somebody woke or closed this. */
  void await();

  /** Ends the wait there is, or else the next one. */
  void wake();

  /** Ends a wait, and gives up what was opened. Idempotent. */
  @Override
  void close();

  /**
   * Makes a watch that knows nothing of what others do, and looks every so often.
   *
   * @param interval between two looks, in milliseconds at the finest
   * @return the watch
   */
  static JailWatch polling(Duration interval) {
    return new JailPolling(interval.toMillis());
  }
}
