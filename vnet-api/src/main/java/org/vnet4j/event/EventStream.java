// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vnet4j.NetInterface;
import org.vnet4j.StackEvent;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;

/**
 * Events to wait for: those that came since {@link Events#open()}, each once, in their order.
 *
 * <pre>{@code
 * try (EventStream<StackEvent> events = host.events().open()) {
 *   cable.a().up();
 *   events.await(new StackEvent.Up(cable.a().name())::equals, Duration.ofSeconds(1));
 *   for (StackEvent event : events) { // waits for the next, until the stack no longer exists
 *     System.out.println(event);
 *   }
 * }
 * }</pre>
 *
 * <p>So many as {@value #CAPACITY} events are kept here; further ones wait in the kernel. When its
 * buffer runs over, events of a stack say so by {@link StackEvent.Missed}, and the differences
 * follow; of jails only the differences are reported, and rates are means over the longer span.
 *
 * <p>The stream ends when it is closed, by whichever thread, and when the stack or the {@link Vnet}
 * no longer exists. What had come before its stack went is still reported; what had come before it
 * was closed is not. Several threads may read; each event is sent to one of them.
 *
 * @param <T> what an event is
 */
public final class EventStream<T> implements Iterable<T>, AutoCloseable {
  /** How many events are kept until somebody asks for them. */
  public static final int CAPACITY = 1024;

  /** So many of the events that did not fit are named in an error. */
  private static final int MOST_NAMED = 10;

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<T> events = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private @Nullable Throwable failure;
  private boolean ended;
  private boolean closed;

  EventStream(String name) {
    this.name = name;
  }

  /**
   * Waits for an event. Those that come before it are passed over, and reported no more.
   *
   * @param wanted what fits
   * @param timeout how long to wait at most; with zero or less only what came already is looked at
   * @return the first that fits
   * @throws TimeoutException if none came in time; it names those that came instead
   * @throws EndedException if the stream ended before one came
   * @throws VnetException what ended the events, such as {@link NetInterface.NotFoundException} of
   *     rates
   * @throws Vnet.InterruptException if this thread is interrupted; it still is
   */
  public T await(Predicate<? super T> wanted, Duration timeout) {
    long deadline = deadline(timeout);
    List<T> others = new ArrayList<>();
    while (true) {
      T event = take(deadline);
      if (event == null) {
        throw isOver() ? new EndedException(name) : new TimeoutException(name, timeout, others);
      }
      if (wanted.test(event)) {
        return event;
      }
      others.add(event);
    }
  }

  /**
   * Waits for the next event.
   *
   * @param timeout how long to wait at most; with zero or less only what came already is reported
   * @return empty if none came in time, or the stream ended
   * @throws VnetException what ended the events
   * @throws Vnet.InterruptException if this thread is interrupted; it still is
   */
  public Optional<T> next(Duration timeout) {
    return Optional.ofNullable(take(deadline(timeout)));
  }

  /**
   * Returns an iterator that waits for the next event, however long, and ends with the stream. Two
   * iterators share the events: each is reported to one of them. They throw what ended the events,
   * and {@link Vnet.InterruptException} if their thread is interrupted, which stays so.
   *
   * @return an iterator for one thread
   */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private @Nullable T next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          next = take(Long.MAX_VALUE);
        }
        return next != null;
      }

      @Override
      public T next() {
        if (!hasNext() || next == null) {
          throw new NoSuchElementException("the events of " + name + " ended");
        }
        T event = next;
        next = null;
        return event;
      }
    };
  }

  /** Ends the stream: who waits in it is woken. Idempotent; any thread may. */
  @Override
  public void close() {
    Flow.Subscription given;
    lock.lock();
    try {
      closed = true;
      ended = true;
      failure = null;
      events.clear();
      given = subscription;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (given != null) {
      given.cancel();
    }
  }

  /**
   * Says whose events these are.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "events of " + name + (isOver() ? " (ended)" : "");
  }

  private static long deadline(Duration timeout) {
    long now = System.nanoTime();
    Duration most = Duration.ofNanos(Long.MAX_VALUE / 2);
    return now + (timeout.compareTo(most) > 0 ? most : timeout).toNanos();
  }

  private boolean isOver() {
    lock.lock();
    try {
      return ended && events.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next event; null if the time is up or the stream ended. */
  private @Nullable T take(long deadline) {
    lock.lock();
    try {
      while (events.isEmpty() && !ended && awaited(deadline)) {
        continue;
      }
      T event = events.poll();
      if (event != null && subscription != null && !ended) {
        subscription.request(1);
      } else if (event == null && failure != null) {
        throw rethrown(failure);
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Vnet.InterruptException("waiting for events of " + name);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a change; false if the time is up. */
  private boolean awaited(long deadline) throws InterruptedException {
    if (deadline == Long.MAX_VALUE) {
      changed.await();
      return true;
    }
    return changed.awaitNanos(deadline - System.nanoTime()) > 0;
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new VnetException(String.valueOf(failure.getMessage()), failure);
  }

  private void end(@Nullable Throwable why) {
    lock.lock();
    try {
      if (!closed) {
        failure = why;
      }
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns who fills this stream. */
  Flow.Subscriber<T> subscriber() {
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription given) {
        boolean late;
        lock.lock();
        try {
          subscription = given;
          late = closed;
        } finally {
          lock.unlock();
        }
        if (late) {
          given.cancel();
        } else {
          given.request(CAPACITY);
        }
      }

      @Override
      public void onNext(T event) {
        lock.lock();
        try {
          if (!closed) {
            events.add(event);
            changed.signalAll();
          }
        } finally {
          lock.unlock();
        }
      }

      @Override
      public void onError(Throwable error) {
        end(error);
      }

      @Override
      public void onComplete() {
        end(null);
      }
    };
  }

  /** No event that fits came in time. */
  public static final class TimeoutException extends VnetException {
    private static final long serialVersionUID = 1L;

    TimeoutException(String name, Duration timeout, List<?> others) {
      super(
          "no such event of "
              + name
              + " within "
              + timeout.toMillis()
              + " ms"
              + (others.isEmpty() ? "; none came" : "; others came: " + last(others)));
    }

    private static String last(List<?> others) {
      int from = Math.max(0, others.size() - MOST_NAMED);
      return (from > 0 ? from + " and " : "") + others.subList(from, others.size());
    }
  }

  /** The stream was closed, or its stack or Vnet no longer exists. */
  public static final class EndedException extends VnetException {
    private static final long serialVersionUID = 1L;

    EndedException(String name) {
      super("the events of " + name + " ended: the stream was closed, or what they are of is gone");
    }
  }
}
