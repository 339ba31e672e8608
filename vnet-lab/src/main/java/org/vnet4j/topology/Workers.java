// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;

/** Threads that share a list of tasks. The first failure stops all of them. */
final class Workers {
  private Workers() {}

  /**
   * Returns the number of threads that change one kernel. More threads would only wait for its
   * locks.
   */
  static int forChanges() {
    return Math.min(4, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Does all the work in several threads, or in this thread if no others run, and returns when all
   * have ended.
   *
   * @throws Vnet.InterruptException if this thread was interrupted; its interrupt status stays set
   */
  static <T> void all(int threads, Collection<T> items, Consumer<T> work) {
    List<T> list = List.copyOf(items);
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < list.size(); i = next.getAndIncrement()) {
            if (failure.get() != null) {
              return;
            }
            try {
              checkNotInterrupted();
              work.accept(list.get(i));
            } catch (RuntimeException | Error e) {
              fail(failure, e);
            }
          }
        };
    int wanted = Math.min(threads, list.size());
    workUninterrupted(worker, list.size(), start(wanted > 1 ? wanted : 0, worker), failure);
    report(failure);
  }

  /** Starts threads; fewer than wanted if the system allows no more, which only slows the work. */
  private static List<Thread> start(int wanted, Runnable worker) {
    List<Thread> threads = new ArrayList<>();
    try {
      while (threads.size() < wanted) {
        threads.add(start("vnet-topology-" + threads.size(), worker));
      }
    } catch (Vnet.NoThreadException e) {
      return threads;
    }
    return threads;
  }

  /**
   * Works in this thread if no other was started. Otherwise waits for the others, so that an
   * interrupt stops the work.
   */
  private static void workUninterrupted(
      Runnable worker,
      int size,
      List<Thread> threads,
      AtomicReference<@Nullable Throwable> failure) {
    if (threads.isEmpty() && size > 0) {
      worker.run();
      return;
    }
    join(threads, () -> fail(failure, interrupted()));
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(null, work, name);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // pthread_create(3) returned EAGAIN
      throw new Vnet.NoThreadException(name, e);
    }
    return thread;
  }

  /**
   * Waits for all threads, however often this thread is interrupted. Sets the interrupt status at
   * the end if there was an interrupt.
   */
  private static void join(List<Thread> threads, Runnable whenInterrupted) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          whenInterrupted.run();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Does work in a thread of its own, which no interrupt reaches, and waits for its end. If the
   * system allows no more threads, does it in this one, and only earlier interrupts do not reach
   * it.
   */
  static void undisturbed(Runnable work) {
    undisturbed(work, Workers::start);
  }

  /**
   * Works as {@link #undisturbed(Runnable)}.
   *
   * @param threads starts a thread with a name, or throws {@link Vnet.NoThreadException}
   */
  static void undisturbed(Runnable work, BiFunction<String, Runnable, Thread> threads) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Runnable watched =
        () -> {
          try {
            work.run();
          } catch (RuntimeException | Error e) {
            fail(failure, e);
          }
        };
    try {
      join(List.of(threads.apply("vnet-topology-undo", watched)), () -> {});
    } catch (Vnet.NoThreadException e) {
      runCalmly(watched);
    }
    report(failure);
  }

  /** Runs without the interrupt status of this thread, and restores it afterwards. */
  private static void runCalmly(Runnable work) {
    boolean interrupted = Thread.interrupted();
    work.run();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sleeps for some milliseconds. */
  static void pause(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  static void checkNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  static Vnet.InterruptException interrupted() {
    return new Vnet.InterruptException("working on a topology");
  }

  private static void report(AtomicReference<@Nullable Throwable> failure) {
    Throwable failed = failure.get();
    if (failed instanceof Error error) {
      throw error;
    }
    if (failed instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static void fail(AtomicReference<@Nullable Throwable> failure, Throwable e) {
    if (!failure.compareAndSet(null, e)) {
      Throwable first = failure.get();
      if (first != null && first != e) {
        first.addSuppressed(e);
      }
    }
  }
}
