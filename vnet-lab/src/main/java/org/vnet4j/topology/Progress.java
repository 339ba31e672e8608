// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

/**
 * Listens to the progress of an operation. Several threads call it, one at a time; an exception
 * that it throws stops the operation.
 */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (done, total, what) -> {};

  /**
   * Hears that a step was done.
   *
   * @param done steps that are done, from 1 to {@code total}
   * @param total steps there are
   * @param what the step, such as {@code cable web:to-r1 -- r1:to-web}
   */
  void step(int done, int total, String what);
}
