// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a jail to be created. See jail(8).
 *
 * @param name its full name; {@code outer.inner} for a child of {@code outer}
 * @param parentJid jid of the parent, or {@link Kernel#HOST}
 * @param persist whether it outlives this program
 * @param childrenMax largest number of jails below it, at all depths
 * @param hostname its hostname, or null for none
 * @param parameters further kernel parameters by name; the value is a Boolean, an Integer or a
 *     String
 */
public record JailSpec(
    String name,
    int parentJid,
    boolean persist,
    int childrenMax,
    @Nullable String hostname,
    Map<String, Object> parameters) {

  /** Copies the parameters. */
  public JailSpec {
    parameters = Map.copyOf(parameters);
  }
}
