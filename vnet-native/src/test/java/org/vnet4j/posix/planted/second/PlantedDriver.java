// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.planted.second;

import org.vnet4j.posix.planted.second.room.Codec;

/** A driver. */
public final class PlantedDriver {
  /** What it stands on. */
  public final Class<?> below = Codec.class;
}
