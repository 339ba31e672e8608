// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Errno;
import org.vnet4j.net.Names;

/**
 * The base class of all exceptions of this library. Unchecked. Each specific exception is nested in
 * the class that throws it.
 *
 * <p>The message names the call, its subject, the errno, the jail and the remedy.
 */
public class VnetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable KernelError kernelError;
  private volatile @Nullable String jail;

  /**
   * Creates an exception that no system call caused.
   *
   * @param message the failure, its subject and the remedy
   */
  public VnetException(String message) {
    this(message, (Throwable) null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message what failed, on what, and what to do
   * @param cause the underlying error, or null
   */
  public VnetException(String message, @Nullable Throwable cause) {
    super(Names.visibleLines(message), cause);
    this.kernelError = null;
  }

  /**
   * Creates the exception of a failed system call.
   *
   * @param error the refused call
   * @param hint the remedy, or null if none is known
   */
  public VnetException(KernelError error, @Nullable String hint) {
    super(Names.visibleLines(hint == null ? error.toString() : error + "; " + hint));
    this.kernelError = error;
  }

  /**
   * Names the jail in which the call failed. The first name stays.
   *
   * @param name the full name of the jail
   * @return this
   */
  public VnetException in(String name) {
    if (jail == null) {
      jail = name;
    }
    return this;
  }

  /**
   * Returns the message.
   *
   * @return what failed, on what, what to do, and the jail unless the rest names it
   */
  @Override
  public String getMessage() {
    String message = Objects.requireNonNull(super.getMessage());
    return jail == null || message.contains("jail " + jail)
        ? message
        : message + " (in jail " + jail + ")";
  }

  /**
   * Returns the error of the failed system call.
   *
   * @return the error, empty if no system call failed
   */
  public Optional<KernelError> kernelError() {
    return Optional.ofNullable(kernelError);
  }

  /**
   * Returns whether a system call failed with one of these errors.
   *
   * @param some symbols of errno(2)
   * @return true if it did; false also if no system call failed
   */
  public boolean isErrno(Errno... some) {
    return kernelError != null && kernelError.isErrno(some);
  }
}
