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
import org.vnet4j.VnetException;

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
   * @throws VnetException if this thread was interrupted; it still is
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
              work.accept(list.get(i));
            } catch (RuntimeException | Error e) {
              fail(failure, e);
            }
          }
        };
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, list.size()); i++) {
      Thread thread = new Thread(worker, "vnet-topology-" + i);
      thread.setDaemon(true);
      thread.start();
      others.add(thread);
    }
    workUninterrupted(worker, list.size(), others, failure);
    Throwable failed = failure.get();
    if (failed instanceof Error error) {
      throw error;
    }
    if (failed instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** This thread works too where it is alone; else it waits, so that it hears an interrupt. */
  private static void workUninterrupted(
      Runnable worker,
      int size,
      List<Thread> others,
      AtomicReference<@Nullable Throwable> failure) {
    if (others.isEmpty() && size > 0) {
      if (Thread.currentThread().isInterrupted()) {
        fail(failure, new VnetException("interrupted"));
      }
      worker.run();
      return;
    }
    Thread own = new Thread(worker, "vnet-topology-0");
    own.setDaemon(true);
    own.start();
    others.add(own);
    boolean interrupted = false;
    for (Thread thread : others) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          fail(failure, new VnetException("interrupted", e));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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
