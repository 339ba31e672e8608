// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.VnetException;
import org.vnet4j.firewall.Trial;
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

  private final Supplier<Helper> current;
  private final Set<Action> armed = ConcurrentHashMap.newKeySet();

  /**
   * Creates the list for one stack.
   *
   * @param current returns the current helper
   */
  public DeferredActions(Supplier<Helper> current) {
    this.current = current;
  }

  /**
   * Arms an action; see {@link Helper#later}.
   *
   * @param delay the time until it is performed
   * @param what the action
   * @param ourselves performs it in this process, without that helper; may run again if it fails
   * @return the action
   */
  public Action arm(Duration delay, Helper.Deferred what, Runnable ourselves) {
    Helper helper = current.get();
    Action action = new Action(helper, helper.later(delay, what), ourselves);
    armed.add(action);
    try {
      long millis = Math.min(delay.toMillis(), Integer.MAX_VALUE) + SLACK_MILLIS;
      Threads.start("vnet-deferred-" + action.number, THREAD_STACK, () -> action.watch(millis));
    } catch (RuntimeException e) {
      Failures.undo(e, action::cancel);
      throw e;
    }
    return action;
  }

  /**
   * Cancels all actions, when the stack is removed.
   *
   * @param reverts receives what performs each action that was cancelled, for a stack that stays;
   *     also before this fails
   */
  public void forget(Consumer<Runnable> reverts) {
    endAll(
        action -> {
          if (action.forget()) {
            reverts.accept(action.ourselves);
          }
        });
  }

  /** Leaves the actions to the end of the helper, when the stack is closed; or performs them. */
  public void close() {
    endAll(
        action -> {
          try {
            action.ask(0); // an action that no helper has: is this one alive?
          } catch (Helper.LostException e) {
            action.perform(e);
          }
        });
  }

  private void endAll(Consumer<Action> how) {
    Failures failures = new Failures();
    for (Action action : List.copyOf(armed)) {
      failures.collect(() -> how.accept(action));
      action.end();
    }
    failures.report();
  }

  /** An action that is armed. */
  public final class Action {
    private final Helper helper;
    private final int number;
    private final Runnable ourselves;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Whether a removal of the stack ended it. */
    private volatile boolean forgotten;

    private Action(Helper helper, int number, Runnable ourselves) {
      this.helper = helper;
      this.number = number;
      this.ourselves = ourselves;
    }

    /**
     * Cancels the action. If the helper was killed, performs it.
     *
     * @return false if the action was performed or already cancelled
     */
    public boolean cancel() {
      try {
        return cancelByHelper();
      } catch (Helper.LostException e) {
        perform(e);
        return false;
      }
    }

    /**
     * Cancels the way back of a trial, so that the new rules stay.
     *
     * @param firewall the firewall and its stack
     * @throws Trial.TooLateException if the action was performed, by the helper or, since the
     *     helper was killed, now; or if a removal of the stack cancelled it
     */
    public void confirm(String firewall) {
      boolean inTime;
      try {
        inTime = cancelByHelper();
      } catch (Helper.LostException e) {
        perform(e);
        throw new Trial.TooLateException(firewall, e);
      }
      if (!inTime) {
        throw forgotten
            ? Trial.TooLateException.afterRemoval(firewall)
            : new Trial.TooLateException(firewall);
      }
    }

    /** Cancels the action for a removal; returns false if it was performed or cancelled already. */
    private boolean forget() {
      boolean inTime;
      try {
        inTime = cancelByHelper();
      } catch (Helper.LostException e) {
        LOG.debug("the action ended with the helper: {}", e.toString());
        inTime = true;
      }
      if (inTime) {
        forgotten = true;
      }
      return inTime;
    }

    private boolean cancelByHelper() {
      if (!armed.contains(this)) {
        return false;
      }
      boolean inTime = ask(number);
      end();
      return inTime;
    }

    /** Asks the helper that has this action; throws if it was killed. */
    private boolean ask(int number) {
      if (helper != current.get()) {
        throw new Helper.LostException("the helper was killed, and another took its place");
      }
      return helper.cancel(number);
    }

    /** Performs the action once, whoever asks for it. If that fails, it can be tried again. */
    private synchronized void perform(Helper.LostException lost) {
      if (!armed.contains(this)) {
        return;
      }
      LOG.warn("the helper was killed: what it was to revert is reverted now");
      try {
        ourselves.run();
      } catch (RuntimeException e) {
        e.addSuppressed(lost);
        throw e;
      }
      end();
    }

    private void end() {
      armed.remove(this);
      ended.countDown();
    }

    /** Performs the action when its time is up and the helper cannot. */
    private void watch(long millis) {
      try {
        if (!ended.await(millis, TimeUnit.MILLISECONDS)) {
          cancel();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (VnetException e) {
        LOG.warn("what was to be reverted may not be: {}", e.toString());
      }
    }
  }
}
