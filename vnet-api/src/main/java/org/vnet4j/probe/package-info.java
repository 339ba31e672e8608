// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Probes: is it reachable, and how fast?
 *
 * <p>Pure Java over a socket of some stack; imports the seam's {@code IcmpSocket} and the values.
 */
@NullMarked
package org.vnet4j.probe;

import org.jspecify.annotations.NullMarked;
