// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

/** Filters, flags and structure offsets of kevent(2). */
public final class KqueueAbi {
  /** Events of the jail with the given number; 0 is the jail of the process. Since FreeBSD 15. */
  public static final short EVFILT_JAIL = -14;

  public static final short EVFILT_USER = -11;

  public static final int EV_ADD = 1;
  public static final int EV_CLEAR = 32;

  public static final int NOTE_JAIL_CHILD = 0x80000000;
  public static final int NOTE_JAIL_SET = 0x40000000;
  public static final int NOTE_JAIL_REMOVE = 0x10000000;
  public static final int NOTE_TRIGGER = 0x1000000;

  static final int KEVENT_SIZE = 64;
  static final int KEVENT_IDENT = 0;
  static final int KEVENT_FILTER = 8;
  static final int KEVENT_FLAGS = 10;
  static final int KEVENT_FFLAGS = 12;

  static final int TIMESPEC_SIZE = 16;

  private KqueueAbi() {}
}
