// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vnet4j.Vnet;

/** A few threads that share a list of work. The first failure stops them all. */
final class Crew {
  private Crew() {}

  /** How many threads change one kernel: more would only wait for its locks. */
  static int forChanges() {
    return Math.min(4, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Does all the work, in this thread and others, and returns when none works any more.
   *
   * @throws Vnet.InterruptException if this thread was interrupted; it still is
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
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, list.size()); i++) {
      others.add(start("vnet-topology-" + i, worker));
    }
    workUninterrupted(worker, list.size(), others, failure);
    report(failure);
  }

  /** This thread works too where it is alone; else it waits, so that it hears an interrupt. */
  private static void workUninterrupted(
      Runnable worker,
      int size,
      List<Thread> others,
      AtomicReference<@Nullable Throwable> failure) {
    if (others.isEmpty() && size > 0) {
      worker.run();
      return;
    }
    others.add(start("vnet-topology-0", worker));
    join(others, () -> fail(failure, interrupted()));
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits for all, however often this thread is interrupted; it is in the end if it was once. */
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

  /** Does something in a thread of its own, which nobody interrupts, and waits for its end. */
  static void undisturbed(Runnable work) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Runnable watched =
        () -> {
          try {
            work.run();
          } catch (RuntimeException | Error e) {
            fail(failure, e);
          }
        };
    join(List.of(start("vnet-topology-undo", watched)), () -> {});
    report(failure);
  }

  private static void checkNotInterrupted() {
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
