// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.VnetException;
import org.vnet4j.spi.JailWatch;
import org.vnet4j.spi.Threads;

/**
 * Ends the stacks of jails that other programs remove: a thread that waits in a channel, a capture
 * or for events of such a stack would wait until this session uses the jail again. A thread waits
 * for the signals of the registry, from the first such stack on.
 */
final class JailEndWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JailEndWatcher.class);

  private final LinuxKernel session;
  private final Set<LinuxStack> watched = ConcurrentHashMap.newKeySet();
  private @Nullable JailWatch watch;
  private boolean closed;

  JailEndWatcher(LinuxKernel session) {
    this.session = session;
  }

  /** Watches the stack of a jail. If the jail has been removed already, ends the stack at once. */
  void watch(LinuxStack stack) {
    if (!watched.contains(stack) && begin(stack)) {
      endIfRemoved(stack);
    }
  }

  private synchronized boolean begin(LinuxStack stack) {
    if (closed) {
      return false;
    }
    if (watch == null) {
      try {
        start(session.jails().watch());
      } catch (VnetException e) {
        warn(e);
        return false;
      }
    }
    return watched.add(stack);
  }

  private void start(JailWatch opened) {
    try {
      Threads.start("vnet-jail-ends", 0, () -> run(opened));
      watch = opened;
    } catch (VnetException e) {
      opened.close();
      throw e;
    }
  }

  private static void warn(VnetException why) {
    LOG.warn(
        "{}: what waits in a jail that others remove waits until this program uses the jail",
        why.getMessage());
  }

  private void run(JailWatch signals) {
    try {
      while (isWatching(signals)) {
        signals.await();
        watched.forEach(this::endIfRemoved);
      }
    } catch (VnetException e) {
      lost(signals, e);
    }
  }

  private synchronized boolean isWatching(JailWatch signals) {
    return watch == signals;
  }

  /** Ends this thread after an error. The next stack to be watched starts another. */
  private synchronized void lost(JailWatch signals, VnetException why) {
    if (!closed) {
      watch = null;
      watched.clear();
      signals.close();
      warn(why);
    }
  }

  private void endIfRemoved(LinuxStack stack) {
    if (!stack.isNamed()) {
      LOG.debug("jail {} was removed by somebody else", stack.name());
      watched.remove(stack);
      try {
        session.letGo(stack);
      } catch (VnetException e) { // the others are still watched
        LOG.warn("the end of jail {}, which was removed: {}", stack.name(), e.toString());
      }
    } else if (stack.isClosed()) {
      watched.remove(stack);
    }
  }

  /** Ends the thread. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
