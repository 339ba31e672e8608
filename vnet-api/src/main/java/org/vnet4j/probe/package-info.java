// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * ICMP echo probes: measure reachability and round-trip times.
 *
 * <p>Pure Java over an ICMP socket in a stack. Imports {@code IcmpSocket} of {@code org.vnet4j.spi}
 * and the values of {@code org.vnet4j.net}.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.probe;

import org.jspecify.annotations.NullMarked;
