// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import java.lang.ref.Reference;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Poller;

/**
 * Access to a kernel: the libc functions and a reader of the error number of the last call.
 *
 * <p>The error number is part of this record because its source differs: jnr-ffi keeps it per
 * thread for a real libc, and a simulated kernel keeps its own. A call interrupted by a signal has
 * had no effect and is repeated.
 *
 * @param libc the functions
 * @param errno returns the error number of this thread's last call
 */
public record Syscalls(FreeBsdLibc libc, IntSupplier errno) {

  /** Calls ioctl(2) on a socket or a device. The name and the subject appear in the error. */
  public int ioctl(int fd, long request, String name, String subject, Memory argument) {
    int rc =
        (int) check(name, subject, () -> libc.ioctl(fd, request, argument.address()), argument);
    return rc;
  }

  /**
   * Makes a call and turns -1 into an exception.
   *
   * @param held memory that the call uses by address, kept reachable until the call returns
   */
  public long check(String call, String subject, LongSupplier made, @Nullable Object held) {
    int error = 0;
    while (true) {
      long rc = made.getAsLong();
      if (rc != -1) {
        Reference.reachabilityFence(held);
        return rc;
      }
      error = errno.getAsInt();
      if (error != FreeBsdErrno.EINTR) {
        break;
      }
    }
    Reference.reachabilityFence(held);
    throw refusal(call, subject, error, null);
  }

  /** Makes a call and returns the negative error number instead of -1. */
  public long attempt(LongSupplier made, @Nullable Object held) {
    long rc;
    do {
      rc = made.getAsLong();
      if (rc == -1) {
        rc = -errno.getAsInt();
      }
    } while (rc == -FreeBsdErrno.EINTR);
    Reference.reachabilityFence(held);
    return rc;
  }

  /**
   * Calls poll(2); on FreeBSD itself a virtual thread parks meanwhile. Returns the number of ready
   * descriptors, 0 on timeout, or the negative error number.
   */
  public int poll(Memory descriptors, int count, int milliseconds) {
    if (NativeLibc.isHere(this)) {
      return Poller.poll(descriptors, count, milliseconds);
    }
    int ready = libc.poll(descriptors.address(), count, milliseconds);
    int error = ready == -1 ? errno.getAsInt() : 0;
    descriptors.keep();
    return ready == -1 ? -error : ready;
  }

  public static VnetException refusal(
      String call, String subject, int errno, @Nullable String detail) {
    KernelError error = Errno.FREEBSD.error(call, subject, errno, detail);
    return new VnetException(error, Remedies.of(error));
  }
}
