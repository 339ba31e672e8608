// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import java.util.function.BooleanSupplier;

/**
 * Looks for an answer a moment before it sleeps until that comes: to be woken on an idle processor
 * takes as long as the helper needs for most of what it is asked. It looks where the last answer
 * came soon; where that was in vain it leaves it for some time, since who is to answer may want the
 * same processor. The helper does likewise, see {@code vnet-helper.c}. Not safe for use by several
 * threads at once.
 */
final class Glance {
  private static final long NANOS = 100_000;
  private static final int PENANCE = 16;
  private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

  private boolean soon;
  private int penance;

  /**
   * Waits.
   *
   * @param there tells, without waiting, whether there is an answer
   * @param sleep waits until there is one, or for so long as it sees fit
   * @return what the last of them returned
   */
  boolean await(BooleanSupplier there, BooleanSupplier sleep) {
    long begin = System.nanoTime();
    boolean found = false;
    if (penance > 0) {
      penance--;
    } else if (soon) {
      do {
        found = there.getAsBoolean();
      } while (!found && System.nanoTime() - begin < NANOS);
      penance = found ? 0 : PENANCE;
    }
    found = found || sleep.getAsBoolean();
    soon = !ALONE && System.nanoTime() - begin < NANOS;
    return found;
  }
}
