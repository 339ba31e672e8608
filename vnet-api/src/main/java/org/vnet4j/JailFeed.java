// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.vnet4j.event.EventFeed;
import org.vnet4j.spi.JailWatch;

/**
 * Reports the creation and removal of jails. The kernel, or this program when it creates or removes
 * a jail, triggers a scan. Events are the difference between two scans.
 */
final class JailFeed implements EventFeed<JailEvent> {
  /** Shortest time between two scans, in nanoseconds. */
  private static final long REST = 20_000_000;

  private final Vnet vnet;
  private final JailWatch watch;
  private final Open open;
  private Map<Integer, String> known;
  private long looked = System.nanoTime() - REST;
  private volatile boolean closed;

  /** Starts the watch before the first scan, so that no change between them is missed. */
  JailFeed(Vnet vnet, Open open) {
    this.vnet = vnet;
    this.open = open;
    this.watch = vnet.kernel().jails().watch();
    open.feeds.add(this);
    try {
      this.known = now();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Map<Integer, String> now() {
    return vnet.jls().stream()
        .collect(
            Collectors.toMap(JailInfo::jid, JailInfo::name, (one, other) -> other, TreeMap::new));
  }

  @Override
  public boolean await() {
    rest();
    watch.await();
    return !closed;
  }

  private void rest() {
    try {
      long left = looked + REST - System.nanoTime();
      Thread.sleep(Math.max(0, left / 1_000_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void read(Consumer<JailEvent> out) {
    Map<Integer, String> now = now();
    known.forEach(
        (jid, name) -> {
          if (!name.equals(now.get(jid))) {
            out.accept(new JailEvent.Removed(jid, name));
          }
        });
    now.forEach(
        (jid, name) -> {
          if (!name.equals(known.get(jid))) {
            out.accept(new JailEvent.Created(jid, name));
          }
        });
    known = now;
    looked = System.nanoTime();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    open.feeds.remove(this);
    watch.close();
  }

  /** The feeds of one Vnet. */
  static final class Open {
    private final Set<JailFeed> feeds = ConcurrentHashMap.newKeySet();

    void wake() {
      feeds.forEach(feed -> feed.watch.wake());
    }

    void close() {
      feeds.forEach(JailFeed::close);
    }
  }
}
