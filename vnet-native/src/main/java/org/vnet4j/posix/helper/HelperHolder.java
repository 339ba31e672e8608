// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.util.function.Supplier;

/**
 * Holds the helper of a session; starts another helper for the end of the session if the first was
 * killed.
 */
public final class HelperHolder implements AutoCloseable {
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
   * helper is started and the end runs again.
   *
   * @param end may run a second time
   */
  public void evenIfKilled(Runnable end) {
    try {
      end.run();
    } catch (Helper.LostException e) {
      Helper lost = now;
      now = another.get();
      lost.close();
      end.run();
    }
  }

  /** Closes the helper. */
  @Override
  public void close() {
    now.close();
  }
}
