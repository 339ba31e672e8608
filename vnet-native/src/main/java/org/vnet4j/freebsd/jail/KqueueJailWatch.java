// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.vnet4j.freebsd.sys.FreeBsdErrno.EINVAL;
import static org.vnet4j.freebsd.sys.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.sys.KqueueAbi.*;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.spi.JailWatch;

/**
 * Watches all jails through a kernel queue. A jail reports its children and its own removal, so
 * each jail is registered. The kernel merges events of one kind; that loses nothing, since each
 * event causes a full scan.
 */
public final class KqueueJailWatch implements JailWatch {
  private static final Logger LOG = LoggerFactory.getLogger(KqueueJailWatch.class);
  private static final Duration UNWATCHED = Duration.ofSeconds(1);

  /** Longest time between two scans. */
  private static final Duration WATCHED = Duration.ofSeconds(10);

  /** The jail of this process. */
  private static final int OWN = 0;

  private final JailCalls jails;
  private final JailQueue queue;
  private final Set<Integer> noted = new HashSet<>();
  private volatile boolean closed;

  private KqueueJailWatch(Syscalls kernel, JailQueue queue) {
    this.jails = new JailCalls(kernel);
    this.queue = queue;
  }

  /**
   * Returns a watch. It polls once a second if the kernel cannot report events of jails or has no
   * room for a queue.
   */
  public static JailWatch of(Syscalls kernel) {
    JailQueue queue;
    try {
      queue = JailQueue.open(kernel);
    } catch (VnetException e) {
      return polling(e);
    }
    try {
      int refused = queue.note(OWN, NOTE_JAIL_CHILD);
      if (refused == 0) {
        KqueueJailWatch notes = new KqueueJailWatch(kernel, queue);
        notes.noteAll();
        return notes;
      }
      queue.close();
      return refused == -EINVAL
          ? JailWatch.polling(UNWATCHED)
          : polling(JailQueue.refusal(OWN, refused));
    } catch (RuntimeException e) {
      queue.close();
      throw e;
    }
  }

  private static JailWatch polling(VnetException why) {
    LOG.warn("{}: jails of other programs are looked for every second", why.getMessage());
    return JailWatch.polling(UNWATCHED);
  }

  /**
   * Registers the jails that are not registered yet.
   *
   * @return whether there were any: their earlier events were not reported
   */
  private boolean noteAll() {
    boolean fresh = false;
    List<Integer> all = jails.list(false);
    noted.retainAll(all);
    for (int jid : all) {
      if (!noted.contains(jid)) {
        int refused = queue.note(jid, NOTE_JAIL_CHILD | NOTE_JAIL_SET | NOTE_JAIL_REMOVE);
        if (refused == 0) {
          noted.add(jid);
          fresh = true;
        } else if (refused != -ENOENT) { // the jail was removed already
          throw JailQueue.refusal(jid, refused);
        }
      }
    }
    return fresh;
  }

  @Override
  public void await() {
    try {
      if (!noteAll() && !closed && queue.await(WATCHED)) {
        // A number may later belong to another jail, so a registration ends with its jail.
        queue.takeRemoved().forEach(noted::remove);
        noteAll();
      }
    } catch (VnetException e) {
      if (!closed) { // after a close there is nothing to wait for
        throw e;
      }
    }
  }

  @Override
  public void wake() {
    queue.wake();
  }

  @Override
  public void close() {
    closed = true;
    queue.close();
  }
}
