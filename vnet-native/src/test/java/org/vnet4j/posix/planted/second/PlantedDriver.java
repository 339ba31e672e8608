// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.planted.second;

import org.vnet4j.posix.planted.second.room.Codec;

/** A driver that uses the package below it, as it may. */
public final class PlantedDriver {
  /** A class of the package below. */
  public final Class<?> below = Codec.class;
}
