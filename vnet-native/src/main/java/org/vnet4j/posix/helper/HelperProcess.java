// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.helper;

import static org.vnet4j.posix.libc.Abi.EINTR;

import org.jspecify.annotations.Nullable;
import org.vnet4j.posix.libc.Abi;
import org.vnet4j.posix.libc.Libc;
import org.vnet4j.posix.libc.Memory;
import org.vnet4j.posix.libc.Native;

/**
 * The helper's keeper as a child process of this JVM, which must be reaped; it ends as the helper
 * ends.
 */
final class HelperProcess {
  private static final long NANOS = 1_000_000_000L;
  private static final int LAST_SECONDS = 10;

  /** The time for the keeper to kill the helper and all that it started. */
  private static final int KEEPER_SECONDS = 4;

  private final int pid;
  private @Nullable String end;

  HelperProcess(int pid) {
    this.pid = pid;
  }

  int pid() {
    return pid;
  }

  /**
   * Waits for the end of a helper after either end of its socket was closed; kills it when the time
   * is up.
   *
   * @param seconds the time after which it is killed
   * @return how it ended
   */
  synchronized String reap(int seconds) {
    if (end == null) {
      end = waitForEnd(seconds);
    }
    return end;
  }

  private String waitForEnd(int seconds) {
    String ended = waitFor(seconds);
    if (ended == null) {
      ended = waitAfter(Abi.SIGALRM, KEEPER_SECONDS); // the keeper kills the helper
    }
    if (ended == null) {
      ended = waitAfter(Abi.SIGKILL, LAST_SECONDS);
    }
    return ended == null ? "SIGKILL did not end it: the kernel holds it" : ended;
  }

  private @Nullable String waitAfter(int signal, int seconds) {
    Native.libc().kill(pid, signal);
    return waitFor(seconds);
  }

  private @Nullable String waitFor(int seconds) {
    Libc libc = Native.libc();
    Memory status = Memory.allocate(Integer.BYTES);
    long deadline = System.nanoTime() + seconds * NANOS;
    try {
      while (true) {
        int rc = libc.waitpid(pid, status.address(), Abi.WNOHANG);
        if (rc == pid) {
          return describe(status.bytes().getInt(0));
        }
        if (rc == -1 && Native.errno() != EINTR) {
          return "it was reaped by someone else";
        }
        if (rc == 0 && System.nanoTime() > deadline) {
          return null;
        }
        // Thread.sleep would throw in an interrupted thread, and the loop would spin.
        libc.poll(0, 0, 1);
      }
    } finally {
      status.keep();
    }
  }

  private static String describe(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? "exit status " + (status >> 8 & 0xff) : "killed by signal " + signal;
  }
}
