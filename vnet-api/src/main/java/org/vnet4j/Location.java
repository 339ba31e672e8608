// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import org.jspecify.annotations.Nullable;

/**
 * The current stack and name of an interface. All handles on one interface share its location, so
 * that every handle follows a move, a renaming or the destruction of the interface.
 */
final class Location {
  private final boolean madeHere;
  private volatile Place place;
  private volatile boolean gone;

  /** The other end of an epair, which never changes. */
  private volatile @Nullable Location peer;

  /**
   * Records the location of an interface.
   *
   * @param madeHere true if this {@link Vnet} created it, false if it found it
   */
  Location(NetworkStack stack, String name, boolean madeHere) {
    this.place = new Place(stack, name);
    this.madeHere = madeHere;
  }

  boolean isMadeHere() {
    return madeHere;
  }

  /** Returns the current place of the interface; throws if it was destroyed. */
  Place place() {
    if (gone) {
      throw new NetInterface.NotFoundException(
          "interface " + place.name() + " of " + place.stack().name() + " was destroyed");
    }
    return place;
  }

  /** Returns the current place of the interface, or the last place if it was destroyed. */
  Place last() {
    return place;
  }

  boolean isGone() {
    return gone;
  }

  /**
   * Returns the other end if this is an end of an epair that this {@link Vnet} created, else null.
   */
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
