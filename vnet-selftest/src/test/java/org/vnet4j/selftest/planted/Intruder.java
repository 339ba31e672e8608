// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.selftest.planted;

import org.vnet4j.linux.LinuxProvider;
import org.vnet4j.spi.VnetProvider;

/** Breaks the rules on purpose: uses packages that only the providers may use. */
final class Intruder {
  final VnetProvider provider = new LinuxProvider();
}
