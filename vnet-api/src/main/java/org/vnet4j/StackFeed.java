// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.time.Duration;
import java.util.function.Consumer;
import org.vnet4j.event.EventFeed;
import org.vnet4j.spi.EventSource;

/**
 * The events of one stack: the differences between the kernel's notifications and the last reported
 * state.
 */
final class StackFeed implements EventFeed<StackEvent> {
  private static final Duration WAIT = Duration.ofMinutes(1);

  private final EventSource source;
  private final StackState state;

  /** Opens the event source before it reads the state, so that no change between them is missed. */
  StackFeed(NetworkStack stack) {
    source = stack.driver().events();
    try {
      state = new StackState(stack.driver());
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public boolean await() {
    return source.await(WAIT);
  }

  @Override
  public void read(Consumer<StackEvent> out) {
    state.tellTo(out);
    source.read(state);
    state.settle();
  }

  @Override
  public boolean isOpen() {
    return source.isOpen();
  }

  @Override
  public void close() {
    source.close();
  }
}
