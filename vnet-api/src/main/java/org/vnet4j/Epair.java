// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.List;
import org.vnet4j.net.Shaping;

/**
 * A virtual Ethernet cable: frames sent into one end are received at the other. Each end may be
 * carried into another stack; its handle follows. See epair(4). For use by several threads, as
 * {@link Vnet} says.
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
   * @param shaping how bad the cable is, each way; {@link Shaping#NONE} ends it
   * @return this
   * @throws Vnet.UnsupportedException if the kernel cannot do that; nothing changed
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

  /** Destroys the cable: both ends, in whatever stack they are. Idempotent. */
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
   * Destroys the cable if this {@link Vnet} made it. One that others made stays: {@link #destroy()}
   * destroys it. No error if it does not exist any more or the Vnet is closed. Idempotent.
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
      return; // closing it removed what it made
    }
  }

  /**
   * Says where the ends are.
   *
   * @return such as {@code epair0a@host <-> epair0b@networkjail}
   */
  @Override
  public String toString() {
    return end(a) + " <-> " + end(b);
  }

  private static String end(NetInterface end) {
    return end.name() + "@" + end.location().last().stack().name();
  }
}
