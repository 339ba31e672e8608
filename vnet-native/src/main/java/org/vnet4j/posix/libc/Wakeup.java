// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.time.Duration;
import org.vnet4j.spi.KernelErrors;

/**
 * Waits for input on a descriptor; another thread can end the wait, by a pipe that is polled
 * together with the descriptor.
 */
public final class Wakeup implements AutoCloseable {
  private static final int POLLFD = 8;

  private final Fd reader;
  private final Fd writer;

  private Wakeup(Fd reader, Fd writer) {
    this.reader = reader;
    this.writer = writer;
  }

  private static Wakeup create() {
    Memory pair = Memory.allocate(2 * Integer.BYTES);
    Abi.Io io = Abi.here().io;
    int rc = Native.libc().pipe2(pair.address(), io.oCloexec() | io.oNonblock());
    if (rc == -1) {
      throw KernelErrors.of(Errno.here().error("pipe2", "to end a wait", Native.errno()));
    }
    Fd reader = Fd.owning(pair.bytes().getInt(0));
    return new Wakeup(reader, Fd.owning(pair.bytes().getInt(Integer.BYTES)));
  }

  /**
   * Creates the pipe.
   *
   * @param fd the descriptor to wait on; closed if the pipe cannot be created
   * @return to be closed by the caller, after the descriptor
   */
  public static Wakeup of(Fd fd) {
    try {
      return create();
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /**
   * Waits for input.
   *
   * @param fd the descriptor
   * @param timeout the longest time to wait
   * @return whether there is input, or an error to be read
   */
  public boolean awaitInput(Fd fd, Duration timeout) {
    Memory poll = Memory.allocate(2 * POLLFD);
    int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    int ready = fd.use(number -> reader.use(wake -> poll(poll, number, wake, millis)));
    return ready > 0 && poll.bytes().getShort(6) != 0;
  }

  private static int poll(Memory poll, int number, int wake, int millis) {
    poll.bytes().putInt(0, number).putShort(4, (short) Abi.POLLIN).putShort(6, (short) 0);
    poll.bytes().putInt(POLLFD, wake).putShort(POLLFD + 4, (short) Abi.POLLIN);
    return Poller.poll(poll, 2, millis);
  }

  /** Discards earlier wake-ups, so that the next wait waits. For the thread that waits. */
  public void clear() {
    Memory some = Memory.allocate(64);
    reader.use(number -> Native.libc().read(number, some.address(), some.bytes().capacity()));
    some.keep();
  }

  /** Ends the waits in progress, and all later ones until {@link #clear} is called. */
  public void wake() {
    Memory one = Memory.allocate(1);
    writer.use(number -> Io.write(number, one, 1));
  }

  @Override
  public void close() {
    reader.close();
    writer.close();
  }
}
