// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Failures;
import org.vnet4j.spi.Threads;

/**
 * The actions that the helper performs later in one stack. Until then the helper holds a socket of
 * that stack, which would keep a removed jail from dying: so a removal calls {@link #forget}. If
 * the helper is killed, this process performs them itself: when their time is up, when one is
 * cancelled, or when the stack is closed.
 */
public final class DeferredActions {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredActions.class);
  private static final long THREAD_STACK = 128 * 1024;

  /** The time for the helper to perform an action after its time is up. */
  private static final long SLACK_MILLIS = 500;

  private final Supplier<Helper> helper;
  private final Map<Integer, Armed> armed = new ConcurrentHashMap<>();

  private record Armed(Runnable ourselves, CountDownLatch done) {}

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
   * @param ourselves performs it in this process, without that helper
   * @return its number, for {@link #cancel}
   */
  public int arm(Duration delay, Helper.Deferred what, Runnable ourselves) {
    int number = helper.get().later(delay, what);
    Armed action = new Armed(ourselves, new CountDownLatch(1));
    armed.put(number, action);
    try {
      long millis = Math.min(delay.toMillis(), Integer.MAX_VALUE) + SLACK_MILLIS;
      Threads.start("vnet-deferred-" + number, THREAD_STACK, () -> watch(number, action, millis));
    } catch (RuntimeException e) {
      Failures.undo(e, () -> cancel(number));
      throw e;
    }
    return number;
  }

  private void watch(int number, Armed action, long millis) {
    try {
      if (!action.done().await(millis, TimeUnit.MILLISECONDS)) {
        cancel(number);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (VnetException e) {
      LOG.warn("what was to be reverted may not be: {}", e.toString());
    }
  }

  /**
   * Cancels an action. If the helper was killed, performs it.
   *
   * @param number the number that {@link #arm} returned
   * @return false if the action was performed or already cancelled
   */
  public boolean cancel(int number) {
    if (!armed.containsKey(number)) {
      return false;
    }
    try {
      boolean inTime = helper.get().cancel(number);
      take(number);
      return inTime;
    } catch (Helper.LostException e) {
      perform(number);
      return false;
    }
  }

  /** Ends the watch over an action; returns null if somebody else did. */
  private @Nullable Armed take(int number) {
    Armed action = armed.remove(number);
    if (action != null) {
      action.done().countDown();
    }
    return action;
  }

  /** Performs an action once, whoever asks for it. */
  private void perform(int number) {
    Armed action = take(number);
    if (action != null) {
      LOG.warn("the helper was killed: what it was to revert is reverted now");
      action.ourselves().run();
    }
  }

  /** Cancels all actions, when the stack is removed. */
  public void forget() {
    for (int number : List.copyOf(armed.keySet())) {
      try {
        helper.get().cancel(number);
      } catch (Helper.LostException e) {
        LOG.debug("the action ended with the helper: {}", e.toString());
      } finally {
        take(number);
      }
    }
  }

  /** Leaves the actions to the end of the helper, when the stack is closed; or performs them. */
  public void close() {
    if (armed.isEmpty()) {
      return;
    }
    boolean lost = false;
    try {
      helper.get().cancel(0);
    } catch (Helper.LostException e) {
      lost = true;
    }
    Failures failures = new Failures();
    for (int number : List.copyOf(armed.keySet())) {
      if (lost) {
        failures.collect(() -> perform(number));
      } else {
        take(number);
      }
    }
    failures.report();
  }
}
