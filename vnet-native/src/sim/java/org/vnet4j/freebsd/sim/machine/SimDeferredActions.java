// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim.machine;

import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The deferred actions of a simulated helper. Each runs after its delay; when its owner ends, the
 * rest run, newest first.
 */
final class SimDeferredActions {
  private final TreeMap<Integer, Armed> armed = new TreeMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "sim-laters");
            thread.setDaemon(true);
            return thread;
          });
  private int last;

  /**
   * A deferred action.
   *
   * @param what the action
   * @param done runs after the action, or when the action is cancelled
   */
  private record Armed(Runnable what, Runnable done) {}

  synchronized int arm(Duration delay, Runnable what, Runnable done) {
    int number = ++last;
    armed.put(number, new Armed(what, done));
    clock.schedule(() -> carryOut(number), delay.toMillis(), TimeUnit.MILLISECONDS);
    return number;
  }

  private synchronized void carryOut(int number) {
    Armed one = armed.remove(number);
    if (one != null) {
      one.what().run();
      one.done().run();
    }
  }

  synchronized boolean cancel(int number) {
    Armed one = armed.remove(number);
    if (one != null) {
      one.done().run();
    }
    return one != null;
  }

  /** Discards the rest: the helper is killed. */
  synchronized void discard() {
    clock.shutdownNow();
    armed.values().forEach(one -> one.done().run());
    armed.clear();
  }

  /** Runs the rest: the owner of the helper has ended. */
  synchronized void end() {
    clock.shutdownNow();
    while (!armed.isEmpty()) {
      carryOut(armed.lastKey());
    }
  }
}
