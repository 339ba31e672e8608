// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.vnet4j.VnetException;
import org.vnet4j.spi.KernelErrors;
import org.vnet4j.spi.Threads;

/**
 * Polls many descriptors on one platform thread: those for which virtual threads wait. A virtual
 * thread parks meanwhile: in poll(2) itself it would hold its carrier, and as many of them as there
 * are processors would stop all virtual threads. A second thread polls those that report the ends
 * of programs, which are many and seldom ready.
 *
 * <p>A thread and its pipe last as long as there is something to poll, and a tenth of a second
 * more.
 */
public final class Poller {
  private static final int POLLFD = 8;
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;
  private static final int FEW = 64;

  /** Time in milliseconds after which the thread ends, if there is nothing to poll. */
  private static final int IDLE = 100;

  /** Time in milliseconds after which the ends of programs are polled again, after an error. */
  private static final int RETRY = 10;

  private static final long STACK = 128 * 1024;
  private static final Object LOCK = new Object();
  private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

  private static final Lane WAITS = new Lane("vnet-poller");
  private static final Lane PROGRAMS = new Lane("vnet-programs");

  private final Lane lane;
  private final Fd reader;
  private final Fd writer;
  private final List<Watch> arrivals = new ArrayList<>();
  private boolean woken;

  private Poller(Lane lane, Fd reader, Fd writer) {
    this.lane = lane;
    this.reader = reader;
    this.writer = writer;
  }

  /** Finds {@code Thread.isVirtual}, which the JDK has since 21. */
  private static @Nullable MethodHandle isVirtual() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  static boolean isVirtual(Thread thread) {
    try {
      return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Calls poll(2). On a virtual thread this thread parks while another polls.
   *
   * @param descriptors an array of struct pollfd, whose descriptors stay open during the call
   * @param count its length
   * @param millis longest time to wait, in milliseconds; negative for no limit
   * @return number of ready descriptors, 0 on timeout, or the negative errno
   */
  public static int poll(Memory descriptors, int count, int millis) {
    int left = millis;
    if (millis != 0 && isVirtual(Thread.currentThread())) {
      int ready = call(descriptors, count, 0);
      if (ready != 0) {
        return ready;
      }
      left = park(descriptors, count, millis);
    }
    return call(descriptors, count, left);
  }

  /**
   * Runs an action once the descriptor of a program can be read, or has an error. The action runs
   * on the thread that polls for all programs, so it must not wait.
   *
   * @param fd a descriptor, kept open until then
   * @param action called once
   * @throws VnetException if the poller cannot be started
   */
  public static void whenReadable(Fd fd, Runnable action) {
    int number = fd.acquire();
    try {
      add(
          PROGRAMS,
          new Watch(
              new int[] {number},
              new int[] {Abi.POLLIN},
              () -> {
                fd.release();
                action.run();
              }));
    } catch (VnetException e) {
      fd.release();
      throw e;
    }
  }

  private static int call(Memory descriptors, int count, int millis) {
    int ready = Native.libc().poll(descriptors.address(), count, millis);
    int errno = ready == -1 ? Native.errno() : 0;
    descriptors.keep();
    return ready == -1 ? -errno : ready;
  }

  /**
   * Waits until a descriptor is ready, or the time is up; returns the time still to wait: all of it
   * if there can be no other thread.
   */
  private static int park(Memory descriptors, int count, int millis) {
    Thread self = Thread.currentThread();
    int[] numbers = new int[count];
    int[] events = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = descriptors.bytes().getInt(i * POLLFD);
      events[i] = descriptors.bytes().getShort(i * POLLFD + EVENTS);
    }
    Watch watch = new Watch(numbers, events, () -> LockSupport.unpark(self));
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      add(WAITS, watch);
    } catch (VnetException e) {
      return millis;
    }
    boolean interrupted = false;
    while (!watch.over) {
      if (millis < 0) {
        LockSupport.park(watch);
      } else {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        LockSupport.parkNanos(watch, left);
      }
      interrupted |= Thread.interrupted();
    }
    remove(WAITS, watch);
    if (interrupted) {
      self.interrupt();
    }
    return 0;
  }

  private static void add(Lane lane, Watch watch) {
    synchronized (LOCK) {
      Poller poller = lane.running;
      if (poller == null) {
        poller = start(lane);
        lane.running = poller;
      }
      poller.arrivals.add(watch);
      poller.wake();
    }
  }

  /** Ends a watch, and the poll in progress: it would keep the files open. */
  private static void remove(Lane lane, Watch watch) {
    synchronized (LOCK) {
      Poller poller = lane.running;
      if (!watch.over && poller != null) {
        watch.over = true;
        poller.wake();
      }
    }
  }

  private static Poller start(Lane lane) {
    Memory pair = Memory.allocate(2 * Integer.BYTES);
    Abi.Io io = Abi.here().io;
    if (Native.libc().pipe2(pair.address(), io.oCloexec() | io.oNonblock()) == -1) {
      throw KernelErrors.of(Errno.here().error("pipe2", "poller", Native.errno()));
    }
    Fd reader = Fd.owning(pair.bytes().getInt(0));
    Poller made = new Poller(lane, reader, Fd.owning(pair.bytes().getInt(Integer.BYTES)));
    try {
      Threads.start(lane.thread, STACK, made::run);
      return made;
    } catch (VnetException e) {
      made.close();
      throw e;
    }
  }

  private void wake() {
    if (!woken) {
      woken = true;
      Memory one = Memory.allocate(1);
      writer.use(number -> Io.write(number, one, 1));
    }
  }

  private void run() {
    List<Watch> watches = new ArrayList<>();
    Memory all = Memory.allocate(FEW * POLLFD);
    while (takeArrivals(watches)) {
      watches.removeIf(watch -> watch.over);
      int count = 1 + watches.stream().mapToInt(watch -> watch.descriptors.length).sum();
      if (all.size() < count * POLLFD) {
        all = Memory.allocate(2 * count * POLLFD);
      }
      put(all, 0, reader.use(number -> number), Abi.POLLIN); // this thread alone closes it
      int at = 1;
      for (Watch watch : watches) {
        for (int i = 0; i < watch.descriptors.length; i++) {
          put(all, at, watch.descriptors[i], watch.events[i]);
          at++;
        }
      }
      int ready = call(all, count, watches.isEmpty() ? IDLE : -1);
      if (ready > 0) {
        report(watches, all);
      } else if (ready < 0 && ready != -Abi.EINTR && lane == PROGRAMS) {
        call(all, 0, RETRY); // nobody else polls for them
      } else if (ready < 0 && ready != -Abi.EINTR) {
        watches.forEach(Watch::finish); // each polls itself, and reports the error
      }
    }
  }

  private static void put(Memory all, int at, int descriptor, int events) {
    all.bytes().putInt(at * POLLFD, descriptor).putShort(at * POLLFD + EVENTS, (short) events);
  }

  private static void report(List<Watch> watches, Memory all) {
    int at = 1;
    for (Watch watch : watches) {
      boolean ready = false;
      for (int i = 0; i < watch.descriptors.length; i++) {
        ready |= all.bytes().getShort(POLLFD * at++ + REVENTS) != 0;
      }
      if (ready) {
        watch.finish();
      }
    }
  }

  /** Takes new watches; returns false, and closes the pipe, if there is nothing to poll. */
  private boolean takeArrivals(List<Watch> watches) {
    synchronized (LOCK) {
      boolean idle = !woken && watches.isEmpty() && lane.running == this;
      if (idle) {
        lane.running = null;
        close();
        return false;
      }
      if (woken) {
        Memory some = Memory.allocate(POLLFD);
        reader.use(number -> Io.read(number, some, POLLFD));
        woken = false;
      }
      watches.addAll(arrivals);
      arrivals.clear();
      return true;
    }
  }

  private void close() {
    reader.close();
    writer.close();
  }

  /** What is polled by one thread. */
  private static final class Lane {
    private final String thread;
    private @Nullable Poller running;

    Lane(String thread) {
      this.thread = thread;
    }
  }

  /** Descriptors to poll, and what to do once one of them is ready. */
  private static final class Watch {
    private final int[] descriptors;
    private final int[] events;
    private final Runnable ready;
    private volatile boolean over;

    Watch(int[] descriptors, int[] events, Runnable ready) {
      this.descriptors = descriptors;
      this.events = events;
      this.ready = ready;
    }

    void finish() {
      if (!over) {
        over = true;
        try {
          ready.run();
        } catch (RuntimeException | Error e) { // the others are still polled
          Thread self = Thread.currentThread();
          self.getUncaughtExceptionHandler().uncaughtException(self, e);
        }
      }
    }
  }
}
