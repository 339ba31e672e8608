// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Set;
import org.vnet4j.Capability;

/**
 * What {@link VnetProvider#open} is asked for.
 *
 * @param sandbox true for a fresh, empty stack as the host, removed with all in it on close
 * @param application the owner's name, part of the mark on all that is made
 * @param without capabilities to be treated as if the kernel had them not
 */
public record OpenRequest(boolean sandbox, String application, Set<Capability> without) {

  /** Copies the set. */
  public OpenRequest {
    without = Set.copyOf(without);
  }
}
