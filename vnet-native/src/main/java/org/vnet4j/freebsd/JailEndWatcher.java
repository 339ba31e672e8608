// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.EINVAL;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.sys.KqueueAbi.NOTE_JAIL_REMOVE;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.jail.JailQueue;
import org.vnet4j.posix.Failures;
import org.vnet4j.spi.Threads;

/**
 * Closes the descriptors and sockets that a session holds of a jail when another program removes
 * it; the jail would otherwise stay dying until the session uses it again. A thread waits for the
 * kernel to report the removal. If the kernel does not report it, as before FreeBSD 15, the thread
 * polls once a second.
 */
final class JailEndWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JailEndWatcher.class);
  private static final Duration UNTOLD = Duration.ofSeconds(1);

  /** Interval at which the thread checks whether it must end, in case nothing could wake it. */
  private static final Duration TOLD = Duration.ofSeconds(10);

  /** Time in milliseconds for which {@link #close()} waits for the thread. */
  private static final int PATIENCE = 5000;

  private final FreeBsdKernel session;
  private @Nullable JailQueue queue;
  private @Nullable Thread thread;
  private volatile Duration longest = TOLD;
  private volatile boolean closed;

  JailEndWatcher(FreeBsdKernel session) {
    this.session = session;
  }

  /** Watches a jail. If the jail has been removed already, releases it at once. */
  void watch(int jid) {
    if (jid == 0 || closed) {
      return;
    }
    try {
      JailQueue opened = open();
      int refused = opened.note(jid, NOTE_JAIL_REMOVE);
      if (refused == -ENOENT) {
        session.jails().letGo(jid);
      } else if (refused != 0) {
        if (refused != -EINVAL) {
          throw JailQueue.refusal(jid, refused);
        }
        lookEverySecond(opened);
      }
    } catch (VnetException e) {
      if (!closed) {
        LOG.warn(
            "{}: if others remove jail {}, it is dying until this program asks of it",
            e.getMessage(),
            jid);
      }
    }
  }

  private synchronized JailQueue open() {
    if (closed) {
      throw new Vnet.ClosedException();
    }
    JailQueue opened = queue;
    if (opened == null) {
      opened = JailQueue.open(session.kernel());
      try {
        JailQueue waited = opened;
        thread = Threads.start("vnet-jail-ends", 0, () -> run(waited));
      } catch (RuntimeException e) {
        opened.close();
        throw e;
      }
      queue = opened;
    }
    return opened;
  }

  private void lookEverySecond(JailQueue opened) {
    if (longest != UNTOLD) {
      longest = UNTOLD;
      opened.wake();
    }
  }

  private void run(JailQueue waited) {
    while (!closed) {
      try {
        waited.await(longest);
        List<Integer> removed = waited.takeRemoved();
        (longest == UNTOLD ? session.jails().held() : removed).forEach(this::letGoOf);
      } catch (VnetException e) {
        lost(waited, e);
        return;
      }
    }
  }

  /**
   * Ends this thread after an error. The next jail to be watched starts another thread, which polls
   * because its queue does not have the jails watched before.
   */
  private void lost(JailQueue waited, VnetException why) {
    synchronized (this) {
      if (closed) {
        return;
      }
      queue = null;
      longest = UNTOLD;
    }
    Failures.undo(why, waited::close);
    LOG.warn("{}: jails that others remove are dying until they are asked of", why.getMessage());
  }

  /** Releases a jail if it was removed. Its number may belong to another jail by now. */
  private void letGoOf(int jid) {
    if (session.jails().isHeldAndGone(jid)) {
      LOG.debug("jail {} was removed by somebody else", jid);
      session.jails().letGo(jid);
    }
  }

  /** Ends the thread. Idempotent. */
  @Override
  public void close() {
    JailQueue opened;
    Thread waits;
    synchronized (this) {
      closed = true;
      opened = queue;
      waits = thread;
    }
    if (opened != null && waits != null) {
      opened.close();
      try {
        waits.join(PATIENCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
