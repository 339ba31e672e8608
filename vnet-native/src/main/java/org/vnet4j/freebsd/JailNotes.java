// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import static org.vnet4j.freebsd.FreeBsdErrno.EINVAL;
import static org.vnet4j.freebsd.FreeBsdErrno.ENOENT;
import static org.vnet4j.freebsd.KqueueAbi.*;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vnet4j.VnetException;
import org.vnet4j.posix.Fd;
import org.vnet4j.spi.JailWatch;

/**
 * Watches jails by {@code EVFILT_JAIL}, which FreeBSD has since 15: a jail tells of its children
 * and of its own end, so each has a note. Events of one kind are told together, which costs nothing
 * here: all is looked at then.
 */
final class JailNotes implements JailWatch {
  private static final Logger LOG = LoggerFactory.getLogger(JailNotes.class);
  private static final Duration UNWATCHED = Duration.ofSeconds(1);

  /** So often all is looked at in any case, in milliseconds. */
  private static final int PATIENCE = 10_000;

  /** The jail of this process. */
  private static final int OWN = 0;

  private final KqueueCalls calls;
  private final SocketCalls descriptors;
  private final JailCalls jails;
  private final Fd queue;
  private final Set<Integer> noted = new HashSet<>();
  private volatile boolean closed;

  private JailNotes(FreeBsdKernel kernel, Fd queue) {
    this.calls = new KqueueCalls(kernel);
    this.descriptors = new SocketCalls(kernel);
    this.jails = new JailCalls(kernel);
    this.queue = queue;
  }

  /** Watches, or looks every second where the kernel tells nothing or has no more room. */
  static JailWatch of(FreeBsdKernel kernel) {
    int number = new KqueueCalls(kernel).open();
    if (number < 0) {
      return polling("kqueue", -number);
    }
    SocketCalls descriptors = new SocketCalls(kernel);
    JailNotes notes = new JailNotes(kernel, Fd.owning(number, descriptors::close));
    try {
      descriptors.closeOnExec(number);
      int refused = notes.begin();
      if (refused == 0) {
        return notes;
      }
      notes.close();
      return polling("kevent EVFILT_JAIL", -refused);
    } catch (RuntimeException e) {
      notes.close();
      throw e;
    }
  }

  /** That a kernel does not know the filter is nothing to warn of. */
  private static JailWatch polling(String call, int errno) {
    if (errno != EINVAL) {
      LOG.warn(
          "{}: {} ({}): jails of other programs are looked for every second",
          call,
          FreeBsdErrno.name(errno),
          FreeBsdErrno.text(errno));
    }
    return JailWatch.polling(UNWATCHED);
  }

  private int begin() {
    int own = note(OWN, NOTE_JAIL_CHILD);
    if (own == 0) {
      queue.use(fd -> calls.change(fd, 0, EVFILT_USER, EV_ADD | EV_CLEAR, 0));
      noteAll();
    }
    return own;
  }

  private int note(int jid, int events) {
    return queue.use(fd -> calls.change(fd, jid, EVFILT_JAIL, EV_ADD | EV_CLEAR, events));
  }

  /**
   * Notes the jails that are not noted yet.
   *
   * @return whether there were any: what they told before was not heard
   */
  private boolean noteAll() {
    boolean fresh = false;
    List<Integer> all = jails.list(false);
    noted.retainAll(all);
    for (int jid : all) {
      if (!noted.contains(jid)) {
        int refused = note(jid, NOTE_JAIL_CHILD | NOTE_JAIL_SET | NOTE_JAIL_REMOVE);
        if (refused == 0) {
          noted.add(jid);
          fresh = true;
        } else if (refused != -ENOENT) { // gone again is fine
          throw FreeBsdKernel.refusal("kevent EVFILT_JAIL", "jail " + jid, -refused, null);
        }
      }
    }
    return fresh;
  }

  @Override
  public void await() {
    try {
      if (!noteAll() && !closed && queue.use(fd -> descriptors.readable(fd, PATIENCE))) {
        take();
        noteAll();
      }
    } catch (VnetException e) {
      if (!closed) { // closed meanwhile, there is nothing to wait for
        throw e;
      }
    }
  }

  /** A number may be another jail's later, so a note ends with its jail. */
  private void take() {
    List<KqueueCalls.Event> events = queue.use(calls::take);
    for (KqueueCalls.Event event : events) {
      if (event.filter() == EVFILT_JAIL && (event.fflags() & NOTE_JAIL_REMOVE) != 0) {
        noted.remove((int) event.ident());
      }
    }
  }

  @Override
  public synchronized void wake() {
    if (!closed) {
      queue.use(fd -> calls.change(fd, 0, EVFILT_USER, 0, NOTE_TRIGGER));
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      queue.use(fd -> calls.change(fd, 0, EVFILT_USER, 0, NOTE_TRIGGER));
      queue.close();
    }
  }
}
