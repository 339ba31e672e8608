// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.jail;

import static org.vnet4j.freebsd.sys.KqueueAbi.*;

import java.time.Duration;
import java.util.List;
import org.vnet4j.VnetException;
import org.vnet4j.freebsd.sys.KqueueCalls;
import org.vnet4j.freebsd.sys.SocketCalls;
import org.vnet4j.freebsd.sys.Syscalls;
import org.vnet4j.posix.libc.Fd;

/**
 * A kernel queue of events of jails, see kqueue(2). {@code EVFILT_JAIL} exists since FreeBSD 15;
 * before, a wait ends only at its timeout or by {@link #wake}. One thread waits; any thread may
 * register jails and wake it.
 */
public final class JailQueue implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 3;

  private final KqueueCalls calls;
  private final SocketCalls descriptors;
  private final Fd queue;
  private boolean closed;

  private JailQueue(Syscalls kernel, Fd queue) {
    this.calls = new KqueueCalls(kernel);
    this.descriptors = new SocketCalls(kernel);
    this.queue = queue;
  }

  /**
   * Opens a queue.
   *
   * @throws VnetException if the kernel refuses
   */
  public static JailQueue open(Syscalls kernel) {
    int number = new KqueueCalls(kernel).open();
    if (number < 0) {
      throw Syscalls.refusal("kqueue", "jails", -number, null);
    }
    SocketCalls descriptors = new SocketCalls(kernel);
    JailQueue opened = new JailQueue(kernel, Fd.owning(number, descriptors::close));
    try {
      descriptors.closeOnExec(number);
      int refused = opened.change(0, EVFILT_USER, EV_ADD | EV_CLEAR, 0);
      if (refused != 0) {
        throw Syscalls.refusal("kevent EVFILT_USER", "jails", -refused, null);
      }
      return opened;
    } catch (RuntimeException e) {
      opened.queue.close();
      throw e;
    }
  }

  private int change(int ident, int filter, int flags, int events) {
    return queue.use(fd -> calls.change(fd, ident, filter, flags, events));
  }

  /**
   * Registers for events of a jail; 0 is the jail of this process. The registration ends with the
   * jail or is replaced by another of the same number.
   *
   * @return 0 or the negative error number: ENOENT if no such jail is alive, EINVAL if the kernel
   *     does not have the filter
   */
  public int note(int jid, int events) {
    return change(jid, EVFILT_JAIL, EV_ADD | EV_CLEAR, events);
  }

  /** Converts the result of {@link #note} to an exception. */
  public static VnetException refusal(int jid, int refused) {
    return Syscalls.refusal("kevent EVFILT_JAIL", "jail " + jid, -refused, null);
  }

  /**
   * Waits for an event, a wake or the timeout.
   *
   * @return whether there is an event or a wake
   */
  public boolean await(Duration longest) {
    return queue.use(fd -> descriptors.readable(fd, (int) longest.toMillis()));
  }

  /** Returns the numbers of the removed jails and discards all other events. */
  public List<Integer> takeRemoved() {
    return queue.use(calls::take).stream()
        .filter(event -> event.filter() == EVFILT_JAIL)
        .filter(event -> (event.fflags() & NOTE_JAIL_REMOVE) != 0)
        .map(event -> (int) event.ident())
        .toList();
  }

  /** Ends the current wait, or else the next. */
  public synchronized void wake() {
    if (!closed) {
      trigger();
    }
  }

  /**
   * Triggers the wake event. Tries again after an error, since a lack of memory may be temporary.
   */
  private void trigger() {
    int refused = -1;
    for (int i = 0; i < MOST_ATTEMPTS && refused != 0; i++) {
      refused = change(0, EVFILT_USER, 0, NOTE_TRIGGER);
    }
  }

  /** Ends a wait and closes the queue. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      trigger();
      queue.close();
    }
  }
}
