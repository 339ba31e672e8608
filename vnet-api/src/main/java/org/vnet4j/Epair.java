// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.List;
import org.vnet4j.net.Names;
import org.vnet4j.net.Shaping;

/**
 * An epair: two Ethernet interfaces joined back to back. Each end receives what the other end
 * sends. Each end may move to another stack; its handle follows it. See epair(4). Thread-safe; see
 * {@link Vnet}.
 */
public final class Epair implements AutoCloseable {
  private final NetInterface a;
  private final NetInterface b;

  Epair(NetInterface a, NetInterface b) {
    this.a = a;
    this.b = b;
  }

  /**
   * Returns the first end.
   *
   * @return its handle
   */
  public NetInterface a() {
    return a;
  }

  /**
   * Returns the second end.
   *
   * @return its handle
   */
  public NetInterface b() {
    return b;
  }

  /**
   * Shapes both directions alike; see {@link NetInterface#shape}.
   *
   * @param shaping the shaping of each direction; {@link Shaping#NONE} removes it
   * @return this
   * @throws Vnet.UnsupportedException if the kernel lacks a capability for it; nothing changed
   */
  public Epair shape(Shaping shaping) {
    Shaping before = a.shaping();
    a.shape(shaping);
    try {
      b.shape(shaping);
    } catch (VnetException e) {
      try {
        a.shape(before);
      } catch (VnetException rollback) {
        e.addSuppressed(rollback);
      }
      throw e;
    }
    return this;
  }

  /** Destroys both ends, in whichever stacks they are. Idempotent. */
  public void destroy() {
    Location end = b.location();
    end.last()
        .stack()
        .vnet()
        .whileNoJailChanges(
            () -> {
              if (a.destroyed()) {
                end.last().stack().moved(end, end.last().name(), null, null);
              } else {
                b.destroyed();
              }
            });
  }

  /** Records that both halves are destroyed. */
  void gone() {
    for (NetInterface end : List.of(a, b)) {
      Location location = end.location();
      location.last().stack().moved(location, location.last().name(), null, null);
    }
  }

  /**
   * Destroys the epair if this {@link Vnet} created it. An epair of another program remains; {@link
   * #destroy()} destroys it. It is not an error if the epair no longer exists or the Vnet is
   * closed. Idempotent.
   */
  @Override
  public void close() {
    if (a.location().isMadeHere()) {
      destroyIfThere();
    }
  }

  void destroyIfThere() {
    try {
      destroy();
    } catch (Vnet.ClosedException e) {
      return; // a closed Vnet can no longer destroy it
    }
  }

  /**
   * Returns the names of both ends and of their stacks, the last ones if it was destroyed.
   *
   * @return such as {@code epair0a@host <-> epair0b@networkjail}
   */
  @Override
  public String toString() {
    boolean gone = a.location().isGone() || b.location().isGone();
    return end(a) + " <-> " + end(b) + (gone ? " (destroyed)" : "");
  }

  private static String end(NetInterface end) {
    return Names.visible(end.name()) + "@" + end.location().last().stack().name();
  }
}
