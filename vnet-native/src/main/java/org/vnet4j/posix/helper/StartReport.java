// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import org.vnet4j.Vnet;
import org.vnet4j.posix.libc.Errno;
import org.vnet4j.posix.libc.Fd;
import org.vnet4j.posix.libc.Io;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.spi.KernelErrors;

/**
 * Reads from a pipe whether a program could be started: {@code struct vh_failure} if not, the end
 * of the pipe if it runs. The program's user can stop it before that.
 */
final class StartReport {
  private static final int CALL = 4;
  private static final int CALL_LENGTH = 32;
  private static final int SIZE = CALL + CALL_LENGTH;

  /** An interrupt of the thread is noticed after this time. */
  private static final int SLICE_MILLIS = 50;

  private StartReport() {}

  /**
   * Waits for the report.
   *
   * @param failure the pipe
   * @param program named in errors
   * @param seconds the most to wait
   * @throws Vnet.InterruptException if the thread is interrupted
   */
  static void await(Fd failure, String program, int seconds) {
    long deadline = System.nanoTime() + seconds * 1_000_000_000L;
    while (!failure.use(fd -> Io.readable(fd, SLICE_MILLIS))) {
      if (Thread.currentThread().isInterrupted()) {
        throw new Vnet.InterruptException("the program " + program + " was started");
      }
      if (System.nanoTime() - deadline > 0) {
        throw failed("execve", program, Errno.here().numberOf("ETIMEDOUT"));
      }
    }
    Memory report = Memory.allocate(SIZE);
    if (failure.use(fd -> Io.read(fd, report, SIZE)) == SIZE) {
      throw failed(report.getString(CALL, CALL_LENGTH), program, report.getInt(0));
    }
  }

  private static RuntimeException failed(String call, String program, int errno) {
    return KernelErrors.of(Errno.here().error(call, program, errno));
  }
}
