// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The coming and going of jails: looked for at once when this program creates or removes one, and
 * every second for what others do, since no kernel tells of all that.
 */
final class JailFeed implements Feed<JailEvent> {
  private static final long INTERVAL = 1000;

  private final Vnet vnet;
  private Map<Integer, String> known;
  private long seen;
  private volatile boolean closed;

  JailFeed(Vnet vnet) {
    this.vnet = vnet;
    this.seen = vnet.jailChanges().count();
    this.known = now();
  }

  private Map<Integer, String> now() {
    return vnet.jls().stream()
        .collect(
            Collectors.toMap(JailInfo::jid, JailInfo::name, (one, other) -> other, TreeMap::new));
  }

  @Override
  public boolean await() {
    seen = vnet.jailChanges().awaitAfter(seen, INTERVAL);
    return !closed;
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
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
    vnet.jailChanges().changed();
  }

  /** Counts the changes that this program makes. */
  static final class Changes {
    private long count;

    synchronized long count() {
      return count;
    }

    synchronized void changed() {
      count++;
      notifyAll();
    }

    synchronized long awaitAfter(long seen, long milliseconds) {
      if (count == seen) {
        try {
          wait(milliseconds);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return count;
    }
  }
}
