// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

/** A change of a firewall on trial. A helper that outlives this process restores the old state. */
public interface TrialDriver {

  /**
   * Makes the change permanent.
   *
   * @return false if the old state was restored already
   */
  boolean confirm();

  /**
   * Restores the old state now.
   *
   * @return false if the old state was restored already
   */
  boolean restore();
}
