// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

/** A jail was created or removed. See {@link Vnet#events()}. */
public sealed interface JailEvent {

  /**
   * A jail was created.
   *
   * @param jid its number
   * @param name its full name
   */
  record Created(int jid, String name) implements JailEvent {}

  /**
   * A jail was removed.
   *
   * @param jid its number
   * @param name its full name
   */
  record Removed(int jid, String name) implements JailEvent {}
}
