// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the helper is to do later in one stack. It holds a socket of that stack until then, which
 * would keep a removed jail from going: so a removal calls {@link #forget}.
 */
public final class DeferredActions {
  private final Supplier<Helper> helper;
  private final Set<Integer> armed = ConcurrentHashMap.newKeySet();

  /**
   * Makes a list for one stack.
   *
   * @param helper the helper of now
   */
  public DeferredActions(Supplier<Helper> helper) {
    this.helper = helper;
  }

  /**
   * Arms something; see {@link Helper#later}.
   *
   * @param delay until then
   * @param what to do
   * @return its number, for {@link #cancel}
   */
  public int arm(Duration delay, Helper.Deferred what) {
    int number = helper.get().later(delay, what);
    armed.add(number);
    return number;
  }

  /**
   * Disarms something.
   *
   * @param number of {@link #arm}
   * @return false if it was done, or forgotten
   */
  public boolean cancel(int number) {
    if (!armed.contains(number)) {
      return false;
    }
    boolean inTime = helper.get().cancel(number);
    armed.remove(number);
    return inTime;
  }

  /** Disarms everything: the stack goes. */
  public void forget() {
    armed.forEach(this::cancel);
  }
}
