// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.fault;

import java.util.ArrayList;
import java.util.List;
import org.vnet4j.posix.libc.Errno;

/**
 * One way in which a call fails.
 *
 * @param kind the kind of failure
 * @param errno the error number, 0 for kinds without
 */
public record LibcFault(Kind kind, int errno) {
  /** A kind of failure. */
  public enum Kind {
    /** The call fails before it has any effect. */
    FAILS,
    /** The call takes effect and yet reports failure. */
    FAILS_AFTER,
    /** The call transfers one byte only. */
    SHORT,
    /** The received message is truncated. */
    CUT,
    /** The received message is lost, and the call fails. */
    LOST,
    /** A netlink dump reports that it changed while it was read. */
    DUMP_INTERRUPTED,
    /** The descriptors in a message are lost for want of room. */
    NO_DESCRIPTORS,
    /** The helper is killed before the call. */
    HELPER_KILLED,
    /** The helper refuses the request that the call sends. */
    HELPER_REFUSES
  }

  private static final int EPERM = 1;
  private static final int EINTR = 4;
  private static final int EIO = 5;
  private static final int ENXIO = 6;
  private static final int EAGAIN = 11;
  private static final int ENOMEM = 12;
  private static final int EBUSY = 16;
  private static final int EEXIST = 17;
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;
  private static final int ENOSPC = 28;
  private static final int EPIPE = 32;
  private static final int ENETDOWN = 100;
  private static final int ENOBUFS = 105;

  /** Returns the faults that the manual page of a call allows. */
  public static List<LibcFault> of(String call) {
    return switch (call) {
      case "close" -> List.of(new LibcFault(Kind.FAILS_AFTER, EINTR));
      case "dup3" -> fails(EBUSY, EMFILE, EINTR);
      case "fcntl:dupfd", "socketpair" -> fails(EMFILE);
      case "bind" -> fails(ENOMEM);
      case "connect" -> fails(EBUSY);
      case "getsockopt" -> fails(ENOBUFS);
      case "inotify_init1" -> fails(EMFILE, ENFILE);
      case "inotify_add_watch" -> fails(ENOSPC, ENOMEM);
      case "ioctl", "setsockopt" -> fails(ENOMEM);
      case "memfd_create" -> fails(ENOMEM, EMFILE);
      case "open" -> fails(EINTR, EMFILE, ENOMEM);
      case "pipe2" -> fails(EMFILE, ENFILE);
      case "poll" -> fails(EINTR, ENOMEM);
      case "posix_spawn" -> fails(EAGAIN, ENOMEM);
      case "posix_spawn_file_actions_init", "posix_spawn_file_actions_adddup2" -> fails(ENOMEM);
      case "read" -> and(fails(EINTR, EIO), Kind.SHORT);
      case "write" -> and(fails(EINTR, EPIPE, ENOSPC), Kind.SHORT);
      case "recv" -> and(fails(EINTR, ENOBUFS, ENOMEM), Kind.CUT, Kind.LOST, Kind.DUMP_INTERRUPTED);
      case "recvfrom", "sendto" -> fails(EINTR, ENOBUFS);
      case "send" -> fails(EINTR, ENOBUFS, ENOMEM, EPERM);
      case "recvmsg:packet" -> fails(EINTR, ENOMEM, ENETDOWN);
      case "recvmsg" ->
          and(fails(EINTR, ENOMEM), Kind.CUT, Kind.NO_DESCRIPTORS, Kind.HELPER_KILLED);
      case "sendmsg" -> {
        List<LibcFault> all = and(fails(EINTR, ENOBUFS, ENOMEM, EMFILE), Kind.HELPER_KILLED);
        for (int errno : new int[] {EPERM, EIO, ENXIO, ENOMEM, EBUSY, EEXIST, EMFILE}) {
          all.add(new LibcFault(Kind.HELPER_REFUSES, errno));
        }
        yield all;
      }
      case "waitpid" -> fails(EINTR);
      default -> List.of();
    };
  }

  private static List<LibcFault> fails(int... errnos) {
    List<LibcFault> faults = new ArrayList<>();
    for (int errno : errnos) {
      faults.add(new LibcFault(Kind.FAILS, errno));
    }
    return faults;
  }

  private static List<LibcFault> and(List<LibcFault> faults, Kind... kinds) {
    for (Kind kind : kinds) {
      faults.add(new LibcFault(kind, 0));
    }
    return faults;
  }

  @Override
  public String toString() {
    return errno == 0 ? kind.toString() : kind + " " + Errno.LINUX.nameOf(errno);
  }
}
