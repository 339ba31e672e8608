// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The actions that the helper performs later in one stack. Until then the helper holds a socket of
 * that stack, which would keep a removed jail from dying: so a removal calls {@link #forget}.
 */
public final class DeferredActions {
  private final Supplier<Helper> helper;
  private final Set<Integer> armed = ConcurrentHashMap.newKeySet();

  /**
   * Creates the list for one stack.
   *
   * @param helper returns the current helper
   */
  public DeferredActions(Supplier<Helper> helper) {
    this.helper = helper;
  }

  /**
   * Arms an action; see {@link Helper#later}.
   *
   * @param delay the time until it is performed
   * @param what the action
   * @return its number, for {@link #cancel}
   */
  public int arm(Duration delay, Helper.Deferred what) {
    int number = helper.get().later(delay, what);
    armed.add(number);
    return number;
  }

  /**
   * Cancels an action.
   *
   * @param number the number that {@link #arm} returned
   * @return false if the action was performed or already cancelled
   */
  public boolean cancel(int number) {
    if (!armed.contains(number)) {
      return false;
    }
    boolean inTime = helper.get().cancel(number);
    armed.remove(number);
    return inTime;
  }

  /** Cancels all actions, when the stack is removed. */
  public void forget() {
    armed.forEach(this::cancel);
  }
}
