// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.vnet4j.Vnet;

/** Runs the steps of a sample; skips those that this kernel lacks the capability for. */
public final class Steps {
  final List<String> done = new ArrayList<>();
  final List<String> skipped = new ArrayList<>();

  /** A step without a value. */
  public interface Step {
    void run() throws Exception;
  }

  /** Runs a step that returns something. */
  public void step(String what, Callable<?> step) {
    Step run = () -> Objects.requireNonNull(step.call());
    step(what, run);
  }

  /** Runs a step that returns nothing. */
  public void step(String what, Step step) {
    try {
      step.run();
      done.add(what);
    } catch (Vnet.UnsupportedException e) {
      skipped.add(what + ": " + e.capability().orElseThrow(() -> e));
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }
}
