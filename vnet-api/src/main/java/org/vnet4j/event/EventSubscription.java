// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.event;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import org.vnet4j.Jail;
import org.vnet4j.Vnet;
import org.vnet4j.spi.Threads;

/**
 * Delivers events to one subscriber on a daemon thread of its own, so that a slow subscriber delays
 * no other. It reads nothing while the subscriber requests nothing: the events wait in the kernel.
 */
final class EventSubscription<E> implements Flow.Subscription, Runnable {
  private final Flow.Subscriber<? super E> subscriber;
  private final EventFeed<E> feed;
  private final Deque<E> waiting = new ArrayDeque<>();
  private long demand;
  private boolean cancelled;
  private boolean illegal;

  private EventSubscription(Flow.Subscriber<? super E> subscriber, EventFeed<E> feed) {
    this.subscriber = subscriber;
    this.feed = feed;
  }

  /**
   * Starts the thread that delivers the events of a feed to a subscriber and closes the feed at the
   * end.
   */
  static <E> void start(String name, Flow.Subscriber<? super E> subscriber, EventFeed<E> feed) {
    EventSubscription<E> subscription = new EventSubscription<>(subscriber, feed);
    try {
      Threads.start("vnet4j events of " + name, 0, subscription);
    } catch (Vnet.NoThreadException e) {
      feed.close();
      throw e;
    }
  }

  @Override
  public synchronized void request(long n) {
    illegal |= n <= 0;
    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
    notifyAll();
  }

  @Override
  public void cancel() {
    synchronized (this) {
      cancelled = true;
      notifyAll();
    }
    feed.close();
  }

  @Override
  public void run() {
    try {
      subscriber.onSubscribe(this);
      while (wanted()) {
        E event = waiting.poll();
        if (event != null) {
          taken();
          subscriber.onNext(event);
        } else if (!feed.isOpen()) {
          complete();
          return;
        } else if (feed.await()) {
          feed.read(waiting::add);
        }
        checkNotInterrupted();
      }
    } catch (Vnet.ClosedException | Jail.NotFoundException e) {
      complete();
    } catch (RuntimeException e) {
      if (feed.isOpen()) {
        subscriber.onError(e);
      } else {
        complete();
      }
    } finally {
      feed.close();
    }
  }

  /**
   * Ends the subscription if a subscriber left this thread interrupted: no further wait would
   * block.
   */
  private static void checkNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new Vnet.InterruptException("waiting for events");
    }
  }

  private void complete() {
    boolean tell;
    synchronized (this) {
      tell = !cancelled;
    }
    if (tell) {
      subscriber.onComplete();
    }
  }

  private synchronized void taken() {
    demand--;
  }

  /** Waits until the subscriber requests events; returns false if it cancelled. */
  private synchronized boolean wanted() {
    while (demand <= 0 && !cancelled && !illegal && feed.isOpen()) {
      try {
        wait(1000); // a feed does not notify when it closes
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        checkNotInterrupted();
      }
    }
    if (illegal) {
      throw new IllegalArgumentException("a subscriber asks for 1 event or more");
    }
    if (demand <= 0 && !cancelled) {
      waiting.clear(); // the feed is closed, and the subscriber does not request the rest
      demand = 1;
    }
    return !cancelled;
  }
}
