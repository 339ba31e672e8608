// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix;

import org.jspecify.annotations.Nullable;

/** Goes on after a failure and reports all of them in the end. */
public final class Failures {
  private @Nullable RuntimeException first;

  /** Begins without a failure. */
  public Failures() {}

  /**
   * Does one step, and keeps its failure.
   *
   * @param step what may fail
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
   * Does a step that takes something back after a failure; what goes wrong then goes with it.
   *
   * @param failure why something is taken back
   * @param step takes it back
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

  /** Throws the first failure, which carries the others. */
  public void report() {
    if (first != null) {
      throw first;
    }
  }
}
