// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.planted.second.room;

import org.vnet4j.posix.planted.second.PlantedDriver;

/** Ground floor that uses a driver, which it must not. */
public final class Codec {
  /** What stands on it. */
  public final Class<?> above = PlantedDriver.class;
}
