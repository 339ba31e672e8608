// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.planted.first;

import org.vnet4j.posix.planted.second.PlantedDriver;

/** Breaks a rule on purpose: uses the other kernel. */
final class Drone {
  final PlantedDriver driver = new PlantedDriver();
}
