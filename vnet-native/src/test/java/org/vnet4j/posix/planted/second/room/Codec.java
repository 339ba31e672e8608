// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.planted.second.room;

import org.vnet4j.posix.planted.second.PlantedDriver;

/** Breaks a rule on purpose: a class below a driver's package that uses the driver. */
public final class Codec {
  /** A class of the driver's package. */
  public final Class<?> above = PlantedDriver.class;
}
