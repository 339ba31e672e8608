// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.libc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.vnet4j.VnetException;
import org.vnet4j.spi.KernelErrors;

/**
 * Owns a descriptor and closes it exactly once. The close is delayed until calls in progress have
 * returned, so that the number is not reused under them.
 */
public final class Fd implements AutoCloseable {
  private static final int CLOSED = 1 << 30;

  private final int number;
  private final IntConsumer closing;
  private final AtomicInteger users = new AtomicInteger();

  private Fd(int number, IntConsumer closing) {
    this.number = number;
    this.closing = closing;
  }

  /**
   * Takes ownership of a descriptor.
   *
   * @param number an open descriptor that nobody else closes
   * @return its owner
   */
  public static Fd owning(int number) {
    return owning(number, Fd::closeNow);
  }

  /**
   * Takes ownership of a descriptor that close(2) of this process does not close alone: one of a
   * simulated kernel, or one that needs further steps.
   *
   * @param number an open descriptor that nobody else closes
   * @param closing closes it; called once, with the number
   * @return its owner
   */
  public static Fd owning(int number, IntConsumer closing) {
    if (number < 0) {
      throw new IllegalArgumentException("descriptor " + number);
    }
    return new Fd(number, closing);
  }

  private static void closeNow(int number) {
    Native.libc().close(number);
  }

  /**
   * Runs an action with the descriptor's number, which stays open until the action returns.
   *
   * @param <T> the type of the result
   * @param action receives the number, which it must not keep
   * @return the result of the action
   * @throws VnetException if the descriptor is closed
   */
  public <T> T use(Action<T> action) {
    int fd = acquire();
    try {
      return action.on(fd);
    } finally {
      release();
    }
  }

  /**
   * Duplicates the descriptor, close-on-exec.
   *
   * @return the owner of the new descriptor
   */
  public Fd duplicate() {
    return use(
        fd -> {
          int copy = Native.libc().fcntl(fd, Abi.here().io.fDupfdCloexec(), 3);
          if (copy == -1) {
            throw KernelErrors.of(Errno.here().error("fcntl", "descriptor " + fd, Native.errno()));
          }
          return owning(copy);
        });
  }

  /**
   * Returns whether the descriptor may still be used.
   *
   * @return false once {@link #close} was called
   */
  public boolean isOpen() {
    return users.get() < CLOSED;
  }

  /** Returns the number, which stays open until {@link #release}. */
  public int acquire() {
    int now = users.get();
    while (now < CLOSED) {
      if (users.compareAndSet(now, now + 1)) {
        return number;
      }
      now = users.get();
    }
    throw new VnetException("descriptor " + number + " is closed");
  }

  public void release() {
    if (users.decrementAndGet() == CLOSED) {
      closing.accept(number);
    }
  }

  /** Closes the descriptor; a second close does nothing. */
  @Override
  public void close() {
    int now = users.get();
    while (now < CLOSED) {
      if (users.compareAndSet(now, now + CLOSED + 1)) {
        release();
        return;
      }
      now = users.get();
    }
  }

  /** Returns the number, for messages. */
  @Override
  public String toString() {
    return "descriptor " + number + (isOpen() ? "" : " (closed)");
  }

  /**
   * An action with a descriptor.
   *
   * @param <T> the type of its result
   */
  @FunctionalInterface
  public interface Action<T> {
    /**
     * Runs the action.
     *
     * @param fd the number
     * @return its result
     */
    T on(int fd);
  }
}
