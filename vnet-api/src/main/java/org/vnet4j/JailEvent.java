// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

/** The creation or removal of a jail. See {@link Vnet#events()}. */
public sealed interface JailEvent {

  /**
   * A jail was created.
   *
   * @param jid its jid
   * @param name its full name
   */
  record Created(int jid, String name) implements JailEvent {}

  /**
   * A jail was removed.
   *
   * @param jid its jid
   * @param name its full name
   */
  record Removed(int jid, String name) implements JailEvent {}
}
