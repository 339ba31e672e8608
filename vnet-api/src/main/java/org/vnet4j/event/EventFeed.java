// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.event;

import java.util.function.Consumer;

/** The source of the events of one subscription. */
public interface EventFeed<E> {

  /** Waits for a limited time; returns false if there is nothing to read. */
  boolean await();

  /** Reads the available events, without waiting. */
  void read(Consumer<E> out);

  /** Returns whether more events may follow. */
  boolean isOpen();

  /** Ends a wait. Idempotent. */
  void close();
}
