// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes calls for which the kernel sleeps some milliseconds. For a virtual thread a platform thread
 * makes them, so that the virtual one leaves its carrier to others; a platform thread makes them
 * itself.
 */
public final class SlowCalls {
  private static final long STACK = 256 * 1024;
  private static final Executor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> {
            Thread thread = new Thread(null, work, "vnet-call", STACK);
            thread.setDaemon(true);
            return thread;
          });

  private SlowCalls() {}

  /**
   * Makes a call on another thread, or on this one if no thread can be started.
   *
   * @param call the call
   */
  public static void start(Runnable call) {
    try {
      THREADS.execute(call);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      call.run();
    }
  }

  /**
   * Makes a call and waits for its end, even if this thread is interrupted.
   *
   * @param call the call; what it throws is thrown here
   */
  public static void make(Runnable call) {
    if (!Poller.isVirtual(Thread.currentThread())) {
      call.run();
      return;
    }
    CompletableFuture<Void> done;
    try {
      done = CompletableFuture.runAsync(call, THREADS);
    } catch (RejectedExecutionException | OutOfMemoryError e) { // no further thread
      call.run();
      return;
    }
    try {
      done.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw e;
    }
  }
}
