// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology;

/**
 * Receives reports on the progress of an operation. Several threads call the listener, never two at
 * the same time. An exception from the listener stops the operation.
 */
@FunctionalInterface
public interface Progress {
  /** Ignores all reports. */
  Progress NONE = (done, total, what) -> {};

  /**
   * Reports that a step is complete.
   *
   * @param done the number of complete steps, from 1 to {@code total}
   * @param total the number of all steps
   * @param what the step, such as {@code cable web:to-r1 -- r1:to-web}
   */
  void step(int done, int total, String what);
}
