// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.vnet4j.spi.Threads;

/** A call that waits in a channel of java.nio, on a thread of its own. */
public final class BlockedCall {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  private final Thread thread;
  private final CompletableFuture<Object> outcome = new CompletableFuture<>();

  /**
   * Starts the call and returns when it waits in the kernel.
   *
   * @param call waits in a channel
   * @throws InterruptedException if this thread is interrupted
   */
  public BlockedCall(Callable<?> call) throws InterruptedException {
    thread =
        Threads.start(
            "blocked call",
            0,
            () -> {
              try {
                outcome.complete(String.valueOf(call.call()));
              } catch (Throwable e) {
                outcome.completeExceptionally(e);
              }
            });
    long deadline = System.nanoTime() + PATIENCE;
    while (!isInKernel(thread)) {
      if (outcome.isDone() || System.nanoTime() > deadline) {
        throw new AssertionError("the call does not wait: " + outcome);
      }
      Thread.sleep(1);
    }
  }

  private static boolean isInKernel(Thread thread) {
    StackTraceElement[] frames = thread.getStackTrace();
    return frames.length > 0
        && frames[0].isNativeMethod()
        && frames[0].getClassName().startsWith("sun.nio.ch.");
  }

  /** Interrupts the thread. */
  public void interrupt() {
    thread.interrupt();
  }

  /**
   * Waits for the end of the call.
   *
   * @return what it threw
   * @throws Exception if it does not end, or returns a value
   */
  public Throwable failure() throws Exception {
    try {
      Object value = outcome.get(PATIENCE, TimeUnit.NANOSECONDS);
      throw new AssertionError("the call returned " + value);
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
