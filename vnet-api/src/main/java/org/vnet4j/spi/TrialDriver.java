// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

/** The way back from a change that is on trial; kept by what outlives this process. */
public interface TrialDriver {

  /**
   * Keeps the change and forgets the way back.
   *
   * @return false if the way back was taken already
   */
  boolean confirm();

  /**
   * Takes the way back now.
   *
   * @return false if it was taken already
   */
  boolean restore();
}
