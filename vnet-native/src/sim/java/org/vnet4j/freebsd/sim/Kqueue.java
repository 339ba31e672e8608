// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kernel event queue, kqueue(2), with two filters: EVFILT_JAIL, as filt_jail in kern/kern_event.c
 * has it, and EVFILT_USER. Every note is EV_CLEAR: reading an event resets it.
 */
final class Kqueue extends Descriptor {
  private static final int EVFILT_USER = -11;
  private static final int EV_ADD = 1;
  private static final int NOTE_TRIGGER = 0x1000000;

  private final SimProcess process;
  private final Map<Long, Note> ofJails = new LinkedHashMap<>();
  private @Nullable Note ofUser;

  /** A registered filter: the events it watches, and the events since the last read. */
  private static final class Note {
    final @Nullable Prison prison;
    final int wanted;
    int happened;
    long data;
    boolean ends;

    Note(@Nullable Prison prison, int wanted) {
      this.prison = prison;
      this.wanted = wanted;
    }
  }

  Kqueue(SimProcess process) {
    this.process = process;
    process.kernel.kqueues.add(this);
  }

  void change(Struct kevent) {
    long ident = kevent.getLong("ident");
    short filter = (short) kevent.getShort("filter");
    boolean add = (kevent.getShort("flags") & EV_ADD) != 0;
    int fflags = kevent.getInt("fflags");
    if (filter == EVFILT_USER) {
      user(add, fflags);
    } else if (filter == (short) FreeBsdAbi.constant("EVFILT_JAIL")
        && process.kernel.release().hasJailDescriptors()
        && add) {
      ofJails.put(ident, new Note(prison(ident), fflags));
    } else {
      throw new SysError("EINVAL");
    }
  }

  private void user(boolean add, int fflags) {
    if (add && ofUser == null) {
      ofUser = new Note(null, 0);
    }
    if (ofUser == null) {
      throw new SysError("ENOENT");
    }
    if ((fflags & NOTE_TRIGGER) != 0) {
      ofUser.happened = NOTE_TRIGGER;
      process.kernel.notifyAll();
    }
  }

  private Prison prison(long jid) {
    Prison prison = jid == 0 ? process.prison : process.kernel.prisons.get((int) jid);
    if (prison == null || !prison.alive || jid != 0 && !prison.isBelow(process.prison)) {
      throw new SysError("ENOENT");
    }
    return prison;
  }

  /** Records an event of a jail. A second child before the first is read sets NOTE_JAIL_MULTI. */
  void tell(Prison prison, int event, long data) {
    for (Note note : ofJails.values()) {
      if (note.prison == prison && !note.ends) {
        if ((note.wanted & event) != 0) {
          boolean many = note.data != 0 && data != 0;
          note.happened |= event | (many ? FreeBsdAbi.constant("NOTE_JAIL_MULTI") : 0);
          note.data = many ? 0 : data;
        }
        note.ends = event == FreeBsdAbi.constant("NOTE_JAIL_REMOVE");
        process.kernel.notifyAll();
      }
    }
    ofJails.values().removeIf(note -> note.ends && note.happened == 0);
  }

  boolean readable() {
    return ofUser != null && ofUser.happened != 0
        || ofJails.values().stream().anyMatch(note -> note.happened != 0);
  }

  /** Takes the pending events, at most {@code most}. */
  List<byte[]> take(int most) {
    List<byte[]> events = new ArrayList<>();
    if (ofUser != null && ofUser.happened != 0 && most > 0) {
      events.add(event(0, EVFILT_USER, ofUser));
    }
    ofJails.forEach(
        (jid, note) -> {
          if (note.happened != 0 && events.size() < most) {
            events.add(event(jid, FreeBsdAbi.constant("EVFILT_JAIL"), note));
          }
        });
    ofJails.values().removeIf(note -> note.ends && note.happened == 0);
    return events;
  }

  private static byte[] event(long ident, int filter, Note note) {
    byte[] bytes =
        new Struct("kevent")
            .putLong("ident", ident)
            .putShort("filter", filter)
            .putInt("fflags", note.happened)
            .putLong("data", note.data)
            .array();
    note.happened = 0;
    note.data = 0;
    return bytes;
  }

  @Override
  public void close() {
    process.kernel.kqueues.remove(this);
  }
}
