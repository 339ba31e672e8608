// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Threads that work side by side; if one does not end, the stacks of all are printed. */
public final class ParallelThreads {
  /** Length of a race, in nanoseconds. */
  public static final long RACE = TimeUnit.SECONDS.toNanos(Integer.getInteger("vnet.race", 2));

  private static final int PATIENCE = 40;

  private ParallelThreads() {}

  /**
   * Works in several threads, waits for all, and throws what the first failed thread threw.
   *
   * @param threads number of threads
   * @param lasts how long the work lasts, in nanoseconds; the wait lasts forty seconds more
   * @param work returns the work of a thread, by its number
   * @throws Exception what a thread threw, or an error that shows a deadlock
   */
  public static void work(int threads, long lasts, IntFunction<Callable<?>> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(pool.submit(work.apply(i)));
      }
      long deadline = System.nanoTime() + lasts + TimeUnit.SECONDS.toNanos(PATIENCE);
      for (Future<?> one : all) {
        one.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
    } catch (TimeoutException e) {
      throw new AssertionError("threads that do not end:\n" + threads(), e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  /** Returns jcmd(1)'s print of all threads: the locks they hold and the deadlocks it found. */
  private static String threads() throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String self = Long.toString(ProcessHandle.current().pid());
    Process process =
        new ProcessBuilder(jcmd, self, "Thread.print", "-l").redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
