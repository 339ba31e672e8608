// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.vnet4j.JailEvent;
import org.vnet4j.Vnet;
import org.vnet4j.contract.kit.Await;

/** Records the jail events of a Vnet. */
final class HeardJails implements Flow.Subscriber<JailEvent> {
  private final List<String> said = new ArrayList<>();
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

  /** Waits for an event. */
  void heard(String what) {
    List<String> all = Await.until(this::said, now -> now.contains(what));
    if (!all.contains(what)) {
      throw new AssertionError("never heard " + what + ", but " + all);
    }
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
  }

  @Override
  public synchronized void onError(Throwable error) {
    said.add(error.toString());
  }

  @Override
  public void onComplete() {}
}
