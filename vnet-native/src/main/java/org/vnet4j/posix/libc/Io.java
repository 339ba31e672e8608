// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import static org.vnet4j.posix.libc.Abi.EINTR;

/** Reads and writes descriptors; repeats calls that a signal interrupts. */
public final class Io {

  private Io() {}

  /** Returns the number of bytes read, 0 at the end of file, or the negative errno. */
  public static int read(int fd, Memory into, int length) {
    while (true) {
      long n = Native.libc().read(fd, into.address(), length);
      int errno = n == -1 ? Native.errno() : 0;
      into.keep();
      if (errno != EINTR) {
        return n == -1 ? -errno : (int) n;
      }
    }
  }

  /** Returns the number of bytes written, or the negative errno. */
  public static int write(int fd, Memory from, int length) {
    while (true) {
      long n = Native.libc().write(fd, from.address(), length);
      int errno = n == -1 ? Native.errno() : 0;
      from.keep();
      if (errno != EINTR) {
        return n == -1 ? -errno : (int) n;
      }
    }
  }

  /** Returns the number of bytes that can be read without waiting. */
  public static int available(int fd) {
    Memory count = Memory.allocate(Integer.BYTES);
    int rc = Native.libc().ioctl(fd, Abi.here().io.fionread(), count.address());
    count.keep();
    return rc == -1 ? 0 : count.bytes().getInt(0);
  }

  /**
   * Waits until a read would not block, because there are bytes or the end of file; returns false
   * when the time is up.
   */
  public static boolean readable(int fd, int millis) {
    return ready(fd, Abi.POLLIN, millis);
  }

  /**
   * Waits as {@link #readable}, if this thread is virtual: its carrier is free meanwhile. On a
   * platform thread returns true at once, since the read itself may wait there.
   */
  public static boolean readableIfVirtual(int fd, int millis) {
    return !Poller.isVirtual(Thread.currentThread()) || readable(fd, millis);
  }

  /**
   * Waits until a write would not block, because there is room or nobody reads; returns false when
   * the time is up.
   */
  public static boolean writable(int fd, int millis) {
    return ready(fd, Abi.POLLOUT, millis);
  }

  private static boolean ready(int fd, int events, int millis) {
    Memory poll = Memory.allocate(8);
    poll.bytes().putInt(0, fd).putShort(4, (short) events);
    int rc = Poller.poll(poll, 1, millis);
    return rc == 1 || rc < 0 && rc != -EINTR && millis > 0; // the read or write reports it
  }

  public static void closeQuietly(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception e) {
      // Lost are only bytes that nobody reads any more.
      return;
    }
  }
}
