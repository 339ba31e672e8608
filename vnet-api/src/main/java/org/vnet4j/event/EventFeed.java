// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.event;

import java.util.function.Consumer;

/** Where the events of one subscription come from. */
public interface EventFeed<E> {

  /** Waits for a while; false if there is nothing to read. */
  boolean await();

  /** Takes what has happened, without waiting. */
  void read(Consumer<E> out);

  /** Returns whether there may be more. */
  boolean isOpen();

  /** Ends a wait. Idempotent. */
  void close();
}
