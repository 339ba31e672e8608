// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.event;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/**
 * A source of events: subscribe a {@link Flow.Subscriber}, or loop over the stream of {@link
 * #open()}. Each subscription has a daemon thread of its own, so that a slow subscriber delays no
 * other. A subscription receives only events that occur after it began.
 *
 * @param <T> the type of the events
 */
public final class Events<T> implements Flow.Publisher<T> {
  private final String name;
  private final Supplier<EventFeed<T>> feeds;

  /**
   * Makes events of a source of your own.
   *
   * @param name of what they are events of, for errors and threads
   * @param feeds opens a source for each subscription
   */
  public Events(String name, Supplier<EventFeed<T>> feeds) {
    this.name = name;
    this.feeds = feeds;
  }

  /**
   * Opens a stream that buffers events until they are read.
   *
   * @return the stream, which the caller closes
   * @throws Vnet.NoThreadException if the system cannot create another thread (EAGAIN)
   * @throws Jail.NotFoundException if the jail was removed
   * @throws NetInterface.NotFoundException if these are rates of an interface that no longer exists
   */
  public EventStream<T> open() {
    EventStream<T> stream = new EventStream<>(name);
    subscribe(stream.subscriber());
    return stream;
  }

  /**
   * Subscribes a subscriber, which is called on a thread of its own.
   *
   * @param subscriber receives the events from now on
   * @throws NullPointerException if it is null
   * @throws Vnet.NoThreadException if the system cannot create another thread (EAGAIN)
   * @throws Jail.NotFoundException if the stack no longer exists
   * @throws NetInterface.NotFoundException if these are of an interface that no longer exists
   */
  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber"); // before a feed is open
    EventSubscription.start(name, subscriber, feeds.get());
  }
}
