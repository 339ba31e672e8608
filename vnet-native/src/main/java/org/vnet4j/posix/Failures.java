// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import org.jspecify.annotations.Nullable;

/** Collects the failures of several steps, so that every step runs, and reports them at the end. */
public final class Failures {
  private @Nullable RuntimeException first;

  /** Creates an empty collection. */
  public Failures() {}

  /**
   * Runs one step and collects its exception.
   *
   * @param step the step
   */
  public void collect(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (first == null) {
        first = e;
      } else if (first != e) {
        first.addSuppressed(e);
      }
    }
  }

  /**
   * Runs a step that undoes something after a failure; its own exception is added to the failure as
   * suppressed.
   *
   * @param failure the failure
   * @param step undoes something
   */
  public static void undo(Throwable failure, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  /**
   * Throws the first exception, which carries the others as suppressed ones; returns if there was
   * none.
   */
  public void report() {
    if (first != null) {
      throw first;
    }
  }
}
