// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.vnet4j.benchmarks.LibraryOperations.Work;

/** Threads that ping, read interfaces, and talk with a program each. */
final class ManyThreads implements Work {
  private static final int ROUNDS = 10;

  private final TestBed.Neighbour ground = TestBed.Neighbour.connected();
  private final List<Process> programs = new ArrayList<>();
  private final boolean virtual;

  ManyThreads(int size, boolean virtual) {
    this.virtual = virtual;
    for (int i = 0; i < size; i++) {
      programs.add(ground.jail.exec("cat").start());
    }
  }

  @Override
  public long run(String name, int times) throws Exception {
    CountDownLatch done = new CountDownLatch(programs.size());
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    for (Process cat : programs) {
      start(
          () -> {
            try {
              work(cat);
            } catch (RuntimeException e) {
              failures.add(e);
            } finally {
              done.countDown();
            }
          });
    }
    done.await();
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.peek());
    }
    return 0;
  }

  private void work(Process cat) {
    try {
      for (int i = 0; i < ROUNDS; i++) {
        cat.getOutputStream().write(i);
        cat.getOutputStream().flush();
        if (cat.getInputStream().read() != i) {
          throw new IllegalStateException("cat ended");
        }
        ground.host.ping("192.0.2.2").count(1).run();
        ground.jail.ifconfig();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a thread; JDK 17, for which this is compiled, has no virtual ones. */
  private void start(Runnable work) throws Exception {
    if (!virtual) {
      new Thread(work).start();
      return;
    }
    MethodType type = MethodType.methodType(Thread.class, Runnable.class);
    try {
      MethodHandles.publicLookup()
          .findStatic(Thread.class, "startVirtualThread", type)
          .invoke(work);
    } catch (Throwable e) {
      throw new IllegalStateException("no virtual thread", e);
    }
  }

  @Override
  public void close() {
    programs.forEach(Process::destroy);
    ground.close();
  }
}
