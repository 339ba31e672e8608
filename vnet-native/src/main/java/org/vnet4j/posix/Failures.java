// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd;

import org.jspecify.annotations.Nullable;

/** Goes on after a failure and reports all of them in the end. */
final class Failures {
  private @Nullable RuntimeException first;

  void collect(Runnable step) {
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

  /** Throws the first failure, which carries the others. */
  void report() {
    if (first != null) {
      throw first;
    }
  }
}
