// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.time.Duration;
import java.util.function.Consumer;
import org.vnet4j.event.EventFeed;
import org.vnet4j.spi.EventSource;

/** The events of one stack: what its kernel reports, as differences to what was reported before. */
final class StackFeed implements EventFeed<StackEvent> {
  private static final Duration WAIT = Duration.ofMinutes(1);

  private final EventSource source;
  private final StackState state;

  /** Listens first and looks then, so that nothing falls between. */
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
