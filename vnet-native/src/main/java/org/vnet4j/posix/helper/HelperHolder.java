// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Holds the helper of a session; starts another helper for the end of the session if the first was
 * killed.
 */
public final class HelperHolder implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Supplier<Helper> another;
  private volatile Helper now;

  /**
   * Takes over a helper.
   *
   * @param first the helper
   * @param another starts the next one
   */
  public HelperHolder(Helper first, Supplier<Helper> another) {
    this.now = first;
    this.another = another;
  }

  /**
   * Returns the helper.
   *
   * @return the current one
   */
  public Helper get() {
    return now;
  }

  /**
   * Runs the end of a session. If the helper was killed, its leftovers still exist; then another
   * helper is started, unless another thread did that already, and the end runs again.
   *
   * @param end may run a second time
   */
  public void evenIfKilled(Runnable end) {
    Helper before = now;
    try {
      end.run();
    } catch (Helper.LostException e) {
      replace(before);
      end.run();
    }
  }

  private void replace(Helper lost) {
    lock.lock();
    try {
      if (now == lost) {
        now = another.get();
        lost.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes the helper. */
  @Override
  public void close() {
    now.close();
  }
}
