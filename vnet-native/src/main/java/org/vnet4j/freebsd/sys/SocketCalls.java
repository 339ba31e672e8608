// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import static org.vnet4j.freebsd.sys.SocketAbi.FD_CLOEXEC;
import static org.vnet4j.freebsd.sys.SocketAbi.F_SETFD;
import static org.vnet4j.freebsd.sys.SocketAbi.POLLFD_EVENTS;
import static org.vnet4j.freebsd.sys.SocketAbi.POLLFD_FD;
import static org.vnet4j.freebsd.sys.SocketAbi.POLLFD_REVENTS;
import static org.vnet4j.freebsd.sys.SocketAbi.POLLFD_SIZE;
import static org.vnet4j.freebsd.sys.SocketAbi.POLLIN;
import static org.vnet4j.freebsd.sys.SocketAbi.SOCK_CLOEXEC;

import org.vnet4j.posix.libc.Memory;

/**
 * Opens sockets in the calling process's own stack and operates on descriptors of any stack. The
 * helper opens the sockets in jails.
 */
public final class SocketCalls {
  private final Syscalls kernel;

  public SocketCalls(Syscalls kernel) {
    this.kernel = kernel;
  }

  /** Opens a socket with close-on-exec set. */
  public int open(int domain, int type, int protocol) {
    return (int)
        kernel.check(
            "socket",
            "domain " + domain + " type " + type,
            () -> kernel.libc().socket(domain, type | SOCK_CLOEXEC, protocol),
            null);
  }

  /** Closes a descriptor. The call is never repeated: after EINTR the descriptor is closed. */
  public void close(int fd) {
    int rc = kernel.libc().close(fd);
    int error = rc == -1 ? kernel.errno().getAsInt() : 0;
    if (error != 0 && error != FreeBsdErrno.EINTR) {
      throw Syscalls.refusal("close", "descriptor " + fd, error, null);
    }
  }

  /** Sets close-on-exec, which descriptors of jails do not have by default. */
  public void closeOnExec(int fd) {
    kernel.check(
        "fcntl", "descriptor " + fd, () -> kernel.libc().fcntl(fd, F_SETFD, FD_CLOEXEC), null);
  }

  /** Sets an option of type int. */
  public void setOption(int fd, int level, int name, int value) {
    Memory content = Memory.ofInt(value);
    kernel.check(
        "setsockopt",
        "level " + level + " option " + name,
        () -> kernel.libc().setsockopt(fd, level, name, content.address(), content.size()),
        content);
  }

  /** Returns an option of type int. */
  int option(int fd, int level, int name) {
    Memory content = Memory.allocate(Integer.BYTES);
    Memory size = Memory.ofInt(content.size());
    kernel.check(
        "getsockopt",
        "level " + level + " option " + name,
        () -> kernel.libc().getsockopt(fd, level, name, content.address(), size.address()),
        new Memory[] {content, size});
    return content.getInt(0);
  }

  /** Waits until the descriptor is readable, at most for the given time in milliseconds. */
  public boolean readable(int fd, int milliseconds) {
    Memory poll = Memory.allocate(POLLFD_SIZE);
    poll.putInt(POLLFD_FD, fd).putShort(POLLFD_EVENTS, POLLIN);
    int ready;
    do {
      ready = kernel.poll(poll, 1, milliseconds);
    } while (ready == -FreeBsdErrno.EINTR);
    if (ready < 0) {
      throw Syscalls.refusal("poll", "descriptor " + fd, -ready, null);
    }
    return ready > 0 && poll.getShort(POLLFD_REVENTS) != 0;
  }
}
