// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
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
 * A stream of events to wait for: all events since {@link Events#open()}, each once, in order.
 *
 * <pre>{@code
 * try (EventStream<StackEvent> events = host.events().open()) {
 *   cable.a().up();
 *   events.await(new StackEvent.Up(cable.a().name())::equals, Duration.ofSeconds(1));
 *   for (StackEvent event : events) { // waits for the next, until the jail is removed
 *     System.out.println(event);
 *   }
 * }
 * }</pre>
 *
 * <p>The stream buffers up to {@value #CAPACITY} events; further events wait in the kernel. If the
 * kernel's buffer overflows, a stream of a stack reports {@link StackEvent.Missed} and then the
 * differences. A stream of jails reports only the differences. Rates become means over the longer
 * span.
 *
 * <p>The stream ends when any thread closes it, when the jail is removed, or when the {@link Vnet}
 * is closed. Events from before the removal of the jail can still be read; closing the stream
 * discards unread events. Several threads may read; each event is returned to one of them.
 *
 * @param <T> the type of the events
 */
public final class EventStream<T> implements Iterable<T>, AutoCloseable {
  /** Largest number of unread events that the stream buffers. */
  public static final int CAPACITY = 1024;

  /** Largest number of other events that an error message lists. */
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
   * Waits for an event that matches. Events before it are skipped and discarded.
   *
   * @param wanted returns true for the event to wait for
   * @param timeout longest time to wait; with zero or less only buffered events are checked
   * @return the first event that matches
   * @throws TimeoutException if the time ran out; the message lists the other events
   * @throws EndedException if the stream ended before a matching event
   * @throws VnetException the error that ended the stream, such as {@link
   *     NetInterface.NotFoundException} of rates
   * @throws Vnet.InterruptException if this thread is interrupted; its interrupt status remains set
   */
  public T await(Predicate<? super T> wanted, Duration timeout) {
    long deadline = deadline(timeout);
    Deque<T> others = new ArrayDeque<>();
    for (long skipped = 0; true; skipped++) {
      T event = take(deadline);
      if (event == null) {
        throw isOver()
            ? new EndedException(name)
            : new TimeoutException(name, timeout, skipped - others.size(), others);
      }
      if (wanted.test(event)) {
        return event;
      }
      others.add(event);
      if (others.size() > MOST_NAMED) {
        others.remove();
      }
    }
  }

  /**
   * Waits for the next event.
   *
   * @param timeout longest time to wait; with zero or less only a buffered event is returned
   * @return the event, empty if the time ran out or the stream ended
   * @throws VnetException the error that ended the stream
   * @throws Vnet.InterruptException if this thread is interrupted; its interrupt status remains set
   */
  public Optional<T> next(Duration timeout) {
    return Optional.ofNullable(take(deadline(timeout)));
  }

  /**
   * Returns an iterator that waits for the next event without a limit and ends with the stream. Two
   * iterators share the events: each event is returned by one of them. An iterator throws the error
   * that ended the stream, and {@link Vnet.InterruptException} if its thread is interrupted; the
   * interrupt status remains set.
   *
   * @return an iterator, which is not thread-safe
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

  /** Ends the stream and wakes the threads that wait in it. Any thread may call it. Idempotent. */
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
   * Returns the name of the stack, jail or interface that the events belong to.
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

  /** Removes the next event; returns null if the time ran out or the stream ended. */
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

  /** Waits for a change; returns false if the time ran out. */
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

  /** Returns the subscriber that fills this stream. */
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

  /** Thrown if no matching event occurred in time. */
  public static final class TimeoutException extends VnetException {
    private static final long serialVersionUID = 1L;

    TimeoutException(String name, Duration timeout, long unnamed, Collection<?> last) {
      super(
          "no such event of "
              + name
              + " within "
              + timeout.toMillis()
              + " ms"
              + (last.isEmpty() ? "; none came" : "; others came: ")
              + (unnamed > 0 ? unnamed + " and " : "")
              + (last.isEmpty() ? "" : last));
    }
  }

  /** Thrown if the stream or its Vnet was closed, or its jail was removed. */
  public static final class EndedException extends VnetException {
    private static final long serialVersionUID = 1L;

    EndedException(String name) {
      super("the events of " + name + " ended: the stream was closed, or what they are of is gone");
    }
  }
}
