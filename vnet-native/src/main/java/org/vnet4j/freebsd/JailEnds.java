// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.FreeBsdErrno.EINVAL;
import static org.vnet4j.freebsd.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.KqueueAbi.NOTE_JAIL_REMOVE;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.Vnet;
import org.vnet4j.VnetException;
import org.vnet4j.internal.Threads;
import org.vnet4j.posix.Failures;

/**
 * Lets go of what a session holds of a jail that somebody else removes: the jail would be dying
 * until the session asks of it again. A thread waits for the kernel to tell, and looks every second
 * where it does not, as before FreeBSD 15.
 */
final class JailEnds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JailEnds.class);
  private static final Duration UNTOLD = Duration.ofSeconds(1);

  /** So often the thread looks whether it is to end, where nobody could wake it. */
  private static final Duration TOLD = Duration.ofSeconds(10);

  /** So long a close waits for the thread, in milliseconds. */
  private static final int PATIENCE = 5000;

  private final FreeBsdSession session;
  private @Nullable JailQueue queue;
  private @Nullable Thread thread;
  private volatile Duration longest = TOLD;
  private volatile boolean closed;

  JailEnds(FreeBsdSession session) {
    this.session = session;
  }

  /** Watches a jail from now on; one that has ended already is let go of. */
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
   * The next jail that is held has another thread begin, which was told nothing of those before.
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

  /** A number may be another jail's by now. */
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
