// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Waits for conditions. How long that takes is never judged: the limit is only there to report a
 * condition that never comes, instead of a test that hangs.
 */
public final class Await {
  private static final long LIMIT = Duration.ofMinutes(1).toNanos();
  private static final long PAUSE_MILLIS = 5;

  private Await() {}

  /**
   * Waits until a condition holds.
   *
   * @param what the condition in words, for the error
   * @param condition polled; what it throws fails the test
   * @throws AssertionError if it still does not hold after a minute
   */
  public static void until(String what, Callable<Boolean> condition) {
    if (!until(condition, Boolean::booleanValue)) {
      throw new AssertionError("it did not come to this within a minute: " + what);
    }
  }

  /**
   * Polls a value until it suffices.
   *
   * @param value returns the current value; what it throws fails the test
   * @param enough whether that value suffices
   * @param <T> type of the value
   * @return the value that sufficed, or the last one after a minute
   */
  public static <T> T until(Callable<T> value, Predicate<T> enough) {
    long deadline = System.nanoTime() + LIMIT;
    try {
      T now = value.call();
      while (!enough.test(now) && System.nanoTime() < deadline) {
        Thread.sleep(PAUSE_MILLIS);
        now = value.call();
      }
      return now;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Waits until a process is stopped on Linux: a signal may take effect after kill(2) returned.
   *
   * @param pid a process that was sent SIGSTOP
   */
  public static void stopped(long pid) {
    Path state = Path.of("/proc", Long.toString(pid), "stat");
    until(pid + " is stopped", () -> Files.readString(state).matches("(?s).*\\) T .*"));
  }

  /**
   * Waits until a thread is in a method, as one that waits there is.
   *
   * @param thread the thread
   * @param method name of the method
   * @throws AssertionError if the thread ends, or does not come there within a minute
   */
  public static void untilIn(Thread thread, String method) {
    until(
        thread.getName() + " is in " + method,
        () -> {
          if (thread.getState() == Thread.State.TERMINATED) {
            throw new AssertionError(thread.getName() + " has ended");
          }
          return Stream.of(thread.getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals(method));
        });
  }

  /**
   * Waits until a thread waits for a monitor, a lock or a time.
   *
   * @param thread the thread
   */
  public static void untilWaiting(Thread thread) {
    Thread.State[] waiting = {Thread.State.WAITING, Thread.State.TIMED_WAITING};
    until(thread.getName() + " waits", () -> List.of(waiting).contains(thread.getState()));
  }
}
