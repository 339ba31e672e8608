// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.event;

import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.vnet4j.Jail;
import org.vnet4j.NetInterface;
import org.vnet4j.Vnet;

/**
 * Events to listen to, from now on: by a {@link Flow.Subscriber}, or by a loop over what {@link
 * #open()} returns. Each who listens has a daemon thread of its own, so that a slow one delays
 * nobody else. Events before the subscription are not delivered.
 *
 * @param <T> what an event is
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
   * Listens, and keeps what comes until it is asked for.
   *
   * @return a stream to be closed by the caller
   * @throws Vnet.NoThreadException if there is no thread for it
   * @throws Jail.NotFoundException if the stack no longer exists
   * @throws NetInterface.NotFoundException if these are of an interface that no longer exists
   */
  public EventStream<T> open() {
    EventStream<T> stream = new EventStream<>(name);
    subscribe(stream.subscriber());
    return stream;
  }

  /**
   * Listens for a subscriber, who is called on a thread of its own.
   *
   * @param subscriber is notified from now on
   * @throws Vnet.NoThreadException if there is no thread for it
   * @throws Jail.NotFoundException if the stack no longer exists
   * @throws NetInterface.NotFoundException if these are of an interface that no longer exists
   */
  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    EventSubscription.start(name, subscriber, feeds.get());
  }
}
