// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import java.lang.ref.Reference;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.VnetException;

/**
 * A way into a kernel: libc, and how the error number of the last call is read.
 *
 * <p>The error number belongs to the seam: jnr-ffi keeps it per thread for a real libc, a simulated
 * kernel keeps its own. A call that a signal interrupted did nothing and is made again.
 *
 * @param libc the functions
 * @param errno reads the error number of this thread's last call
 */
record FreeBsdKernel(FreeBsdLibc libc, IntSupplier errno) {

  /** Makes a call on a socket's stack or a device; the name and the subject are for the error. */
  int ioctl(int fd, long request, String name, String subject, Memory argument) {
    int rc =
        (int) check(name, subject, () -> libc.ioctl(fd, request, argument.address()), argument);
    return rc;
  }

  /**
   * Makes a call and turns -1 into an exception.
   *
   * @param held memory the call was given by address
   */
  long check(String call, String subject, LongSupplier made, @Nullable Object held) {
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

  /** Makes a call and returns its negative error number instead of -1. */
  long attempt(LongSupplier made, @Nullable Object held) {
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

  static VnetException refusal(String call, String subject, int errno, @Nullable String detail) {
    KernelError error = FreeBsdErrno.error(call, subject, errno, detail);
    return new VnetException(error, Hints.of(error));
  }
}
