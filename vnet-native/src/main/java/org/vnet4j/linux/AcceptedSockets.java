// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import java.io.File;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;

/**
 * The connections that this process accepted in one namespace. java.nio does not report the
 * channels that a server channel accepts, so they are found among the descriptors of the process,
 * by the cookie of their namespace (SO_NETNS_COOKIE, Linux 5.14). See socket(7).
 */
final class AcceptedSockets {
  private static final int SOL_SOCKET = 1;
  private static final int SO_NETNS_COOKIE = 71;
  private static final int SHUT_RDWR = 2;
  private static final int AF_UNSPEC = 0;
  private static final int SOCKADDR = 16;
  private static final int ROOM = 16;

  /** The namespace's cookie; 0 if the kernel has none. */
  private final long cookie;

  private AcceptedSockets(long cookie) {
    this.cookie = cookie;
  }

  /** Remembers the namespace of a socket. */
  static AcceptedSockets of(Fd socket) {
    return new AcceptedSockets(socket.use(AcceptedSockets::cookie));
  }

  /**
   * Resets the connections, when the namespace was removed: a thread that waits in one gets
   * "Connection reset", and a selector wakes. Sockets that others still have open are reset, too.
   */
  void reset() {
    String[] descriptors = new File("/proc/self/fd").list();
    if (cookie == 0 || descriptors == null) {
      return;
    }
    for (String descriptor : descriptors) {
      int fd = Integer.parseInt(descriptor);
      if (cookie(fd) == cookie) {
        reset(fd);
      }
    }
  }

  /** Resets a socket by a copy of its descriptor, whose number nobody can give to another file. */
  private void reset(int fd) {
    Libc libc = Native.libc();
    int copy = libc.fcntl(fd, Abi.here().io.fDupfdCloexec(), 3);
    if (copy == -1) {
      return;
    }
    try (Fd socket = Fd.owning(copy)) {
      socket.use(this::resetIfOurs);
    }
  }

  private int resetIfOurs(int copy) {
    if (cookie(copy) != cookie) {
      return 0; // the descriptor was closed meanwhile, and its number given to another file
    }
    Memory nobody = Memory.allocate(SOCKADDR);
    nobody.bytes().putShort(0, (short) AF_UNSPEC);
    int rc = Native.libc().connect(copy, nobody.address(), SOCKADDR);
    nobody.keep();
    // Some kernels from 6.4 on refuse that while a thread waits in the socket (EBUSY); and only
    // this wakes a selector of datagrams.
    return rc + Native.libc().shutdown(copy, SHUT_RDWR);
  }

  private static long cookie(int fd) {
    Memory value = Memory.allocate(ROOM);
    value.bytes().putInt(Long.BYTES, Long.BYTES);
    int rc =
        Native.libc()
            .getsockopt(
                fd, SOL_SOCKET, SO_NETNS_COOKIE, value.address(), value.address() + Long.BYTES);
    value.keep();
    return rc == -1 ? 0 : value.bytes().getLong(0);
  }
}
