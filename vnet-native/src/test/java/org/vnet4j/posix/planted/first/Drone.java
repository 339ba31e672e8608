// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.planted.first;

import org.vnet4j.posix.planted.second.PlantedDriver;

/** Uses the other kernel, which it must not. */
final class Drone {
  final PlantedDriver driver = new PlantedDriver();
}
