// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.util.function.Supplier;

/** The helper of a session, and another one at its end if that was killed. */
public final class HelperHolder implements AutoCloseable {
  private final Supplier<Helper> another;
  private volatile Helper now;

  /**
   * Takes a helper, which is this one's from now on.
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
   * @return the one there is now
   */
  public Helper get() {
    return now;
  }

  /**
   * Does what is to be done at the end; where the helper was killed, what was its own is there
   * still, and another one does it.
   *
   * @param end that may be begun a second time
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
