// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.vnet4j.JailEvent;
import org.vnet4j.Vnet;

/** Records the jail events of a Vnet with their times. */
final class HeardJails implements Flow.Subscriber<JailEvent> {
  private final List<String> said = new ArrayList<>();
  private final List<Long> when = new ArrayList<>();
  private Flow.Subscription subscription;
  private final long request;

  private HeardJails(long request) {
    this.request = request;
  }

  /** Subscribes with unlimited demand. */
  static HeardJails of(Vnet vnet) {
    return of(vnet, Long.MAX_VALUE);
  }

  /** Subscribes with an initial demand of so many events. */
  static HeardJails of(Vnet vnet, long request) {
    HeardJails ear = new HeardJails(request);
    vnet.events().subscribe(ear);
    return ear;
  }

  /** Requests all further events. */
  synchronized void hearAll() {
    subscription.request(Long.MAX_VALUE);
  }

  synchronized void stop() {
    subscription.cancel();
  }

  /** Returns how long after a moment an event was received; waits at most 10 s for it. */
  synchronized Duration heard(String what, long since) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!said.contains(what)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("never heard " + what + ", but " + said);
      }
      wait(left);
    }
    return Duration.ofNanos(Math.max(0, when.get(said.indexOf(what)) - since));
  }

  /** Returns the events received so far, such as {@code +web} and {@code -web}. */
  synchronized List<String> said() {
    return List.copyOf(said);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (request > 0) {
      given.request(request);
    }
  }

  @Override
  public synchronized void onNext(JailEvent event) {
    said.add(
        event instanceof JailEvent.Created created
            ? "+" + created.name()
            : "-" + ((JailEvent.Removed) event).name());
    when.add(System.nanoTime());
    notifyAll();
  }

  @Override
  public synchronized void onError(Throwable error) {
    said.add(error.toString());
    when.add(System.nanoTime());
    notifyAll();
  }

  @Override
  public void onComplete() {}
}
