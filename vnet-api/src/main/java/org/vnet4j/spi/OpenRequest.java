// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Set;
import org.vnet4j.Capability;

/**
 * The parameters of {@link VnetProvider#open}.
 *
 * @param sandbox true to use a new, empty stack as the host stack, which closing destroys with its
 *     contents
 * @param application the owner's name, part of the mark on every created jail and interface
 * @param without capabilities to treat as missing
 */
public record OpenRequest(boolean sandbox, String application, Set<Capability> without) {

  /** Copies the set. */
  public OpenRequest {
    without = Set.copyOf(without);
  }
}
