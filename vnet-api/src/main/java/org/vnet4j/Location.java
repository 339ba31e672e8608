// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;

/**
 * Where an interface is. All handles on one interface share it, so when the interface moves, is
 * renamed or destroyed, every handle knows.
 */
final class Location {
  private final boolean madeHere;
  private volatile Place place;
  private volatile boolean gone;

  /** The other end of a cable; no kernel changes that. */
  private volatile @Nullable Location peer;

  /**
   * Notes where an interface is.
   *
   * @param madeHere whether this {@link Vnet} made it, or found it
   */
  Location(NetworkStack stack, String name, boolean madeHere) {
    this.place = new Place(stack, name);
    this.madeHere = madeHere;
  }

  boolean isMadeHere() {
    return madeHere;
  }

  /** Returns where the interface is; a destroyed one is nowhere. */
  Place place() {
    if (gone) {
      throw new NetInterface.NotFoundException(
          "interface " + place.name() + " of " + place.stack().name() + " was destroyed");
    }
    return place;
  }

  /** Returns where the interface is, or was when it was destroyed. */
  Place last() {
    return place;
  }

  boolean isGone() {
    return gone;
  }

  /** Returns the other end, if this is one of a cable of ours. */
  @Nullable Location peer() {
    return peer;
  }

  static void pair(Location one, Location other) {
    one.peer = other;
    other.peer = one;
  }

  void moveTo(NetworkStack stack, String name) {
    place = new Place(stack, name);
  }

  void goes() {
    gone = true;
  }

  /** A stack and the name of an interface in it. */
  record Place(NetworkStack stack, String name) {}
}
