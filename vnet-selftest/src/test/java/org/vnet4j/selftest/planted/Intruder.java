// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest.planted;

import org.vnet4j.linux.LinuxProvider;
import org.vnet4j.spi.VnetProvider;

/** Uses what no module but the providers may use. */
final class Intruder {
  final VnetProvider provider = new LinuxProvider();
}
