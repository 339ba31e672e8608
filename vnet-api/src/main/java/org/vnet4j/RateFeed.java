// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.vnet4j.event.EventFeed;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.InterfaceRates;

/**
 * The rates of one interface, read at a fixed interval. A reading that is late, since the
 * subscriber requested nothing, covers the longer span. Missed readings are not repeated.
 */
final class RateFeed implements EventFeed<InterfaceRates> {
  private final Supplier<InterfaceCounters> counters;
  private final long every;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private InterfaceCounters before;
  private long looked;
  private long due;
  private boolean closed;

  RateFeed(Supplier<InterfaceCounters> counters, Duration every) {
    this(counters, every, System::nanoTime, Clock.systemUTC());
  }

  /** Reads the counters for the first time. */
  RateFeed(
      Supplier<InterfaceCounters> counters,
      Duration every,
      LongSupplier nanos,
      InstantSource clock) {
    this.counters = counters;
    this.every = every.toNanos();
    this.nanos = nanos;
    this.clock = clock;
    this.before = counters.get();
    this.looked = nanos.getAsLong();
    this.due = looked + this.every;
  }

  @Override
  public synchronized boolean await() {
    long left = due - nanos.getAsLong();
    if (!closed && left > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        closed = true;
      }
    }
    return !closed && due - nanos.getAsLong() <= 0;
  }

  @Override
  public void read(Consumer<InterfaceRates> out) {
    InterfaceCounters now = counters.get();
    long moment = nanos.getAsLong();
    Duration span = Duration.ofNanos(Math.max(1, moment - looked));
    out.accept(InterfaceRates.between(clock.instant(), span, before, now));
    before = now;
    looked = moment;
    due += every;
    if (due - moment <= 0) {
      due = moment + every;
    }
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
