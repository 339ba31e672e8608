// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import org.vnet4j.firewall.Trial;

/** A change of a firewall on trial. A helper that outlives this process restores the old state. */
public interface TrialDriver {

  /**
   * Makes the change permanent.
   *
   * @throws Trial.TooLateException if the old state was restored already, or the stack removed
   */
  void confirm();

  /** Restores the old state now, unless it was restored already. */
  void restore();
}
