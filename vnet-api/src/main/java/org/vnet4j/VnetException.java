// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.net.Errno;

/**
 * The root of all errors of this library. Unchecked; the specific classes stand beside the class
 * that throws them.
 *
 * <p>The message says which call, on what, which errno, and what to do about it.
 */
public class VnetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable KernelError kernelError;

  /**
   * Makes an error that no kernel call reported.
   *
   * @param message what failed, on what, and what to do
   */
  public VnetException(String message) {
    this(message, (Throwable) null);
  }

  /**
   * Makes an error with a cause.
   *
   * @param message what failed, on what, and what to do
   * @param cause what lies below, or null
   */
  public VnetException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kernelError = null;
  }

  /**
   * Makes an error of what a kernel answered.
   *
   * @param error the refused call
   * @param hint what to do about it, or null if the error says it all
   */
  public VnetException(KernelError error, @Nullable String hint) {
    super(hint == null ? error.toString() : error + "; " + hint);
    this.kernelError = error;
  }

  /**
   * Returns the refused call.
   *
   * @return empty if no kernel call was refused
   */
  public Optional<KernelError> kernelError() {
    return Optional.ofNullable(kernelError);
  }

  /**
   * Returns whether a kernel call was refused with one of these errors.
   *
   * @param some symbols of errno(2)
   * @return false also if no kernel call was refused
   */
  public boolean isErrno(Errno... some) {
    return kernelError != null && kernelError.isErrno(some);
  }
}
