// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.micrometer;

import io.micrometer.core.instrument.Clock;
import java.util.concurrent.TimeUnit;
import org.vnet4j.NetInterface;
import org.vnet4j.NetworkStack;
import org.vnet4j.VnetException;
import org.vnet4j.net.InterfaceCounters;

/**
 * The counters of one interface while it is in one stack, read at most once a second. They never
 * decrease.
 */
final class Reading {
  private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

  private final NetworkStack stack;
  private final NetInterface iface;
  private final Clock clock;
  private InterfaceCounters last;
  private InterfaceCounters sum;
  private long read;

  Reading(NetworkStack stack, NetInterface iface, Clock clock) {
    this.stack = stack;
    this.iface = iface;
    this.clock = clock;
    this.last = iface.counters();
    this.sum = last;
    this.read = clock.monotonicTime();
  }

  /** Returns the counters; for a destroyed interface, those read last. */
  synchronized InterfaceCounters counters() {
    long now = clock.monotonicTime();
    if (now - read >= FRESH) {
      read = now;
      try {
        if (iface.stack().equals(stack)) {
          InterfaceCounters next = iface.counters();
          sum = sum.plus(next.since(last));
          last = next;
        }
      } catch (VnetException e) {
        return sum; // being destroyed, as the next scan notices; other meters are unaffected
      }
    }
    return sum;
  }
}
