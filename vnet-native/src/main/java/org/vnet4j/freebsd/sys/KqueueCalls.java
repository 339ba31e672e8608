// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.vnet4j.freebsd.sys.KqueueAbi.*;

import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;
import org.vnet4j.posix.libc.Memory;

/**
 * The system calls on kernel event queues, see kqueue(2). Child processes do not inherit a queue.
 */
public final class KqueueCalls {
  private static final int MOST = 64;

  private final Syscalls kernel;

  public KqueueCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Creates a queue; returns its descriptor or the negative error number. */
  public int open() {
    return (int) kernel.attempt(() -> kernel.libc().kqueue(), null);
  }

  /** Registers for events or triggers an event; returns 0 or the negative error number. */
  public int change(int queue, long ident, int filter, int flags, int fflags) {
    Memory change =
        Memory.allocate(KEVENT_SIZE)
            .putLong(KEVENT_IDENT, ident)
            .putShort(KEVENT_FILTER, filter)
            .putShort(KEVENT_FLAGS, flags)
            .putInt(KEVENT_FFLAGS, fflags);
    return (int)
        kernel.attempt(() -> kernel.libc().kevent(queue, change.address(), 1, 0, 0, null), change);
  }

  /** Returns pending events, at most {@link #MOST}, without waiting. */
  public List<Event> take(int queue) {
    Memory events = Memory.allocate(MOST * KEVENT_SIZE);
    Memory now = Memory.allocate(TIMESPEC_SIZE);
    Pointer timeout = now.pointer();
    long count =
        kernel.check(
            "kevent",
            "jails",
            () -> kernel.libc().kevent(queue, 0, 0, events.address(), MOST, timeout),
            new Memory[] {events, now});
    List<Event> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i * KEVENT_SIZE;
      taken.add(
          new Event(
              events.getLong(at + KEVENT_IDENT),
              (short) events.getShort(at + KEVENT_FILTER),
              events.getInt(at + KEVENT_FFLAGS)));
    }
    return taken;
  }

  /**
   * An event.
   *
   * @param ident its subject, such as the number of a jail
   * @param filter EVFILT_JAIL or another
   * @param fflags flags that describe the event
   */
  public record Event(long ident, short filter, int fflags) {}
}
