// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The network of the simulated kernel: interfaces, addresses, routes, frames on epairs, IP,
 * tunnels.
 */
@NullMarked
package org.vnet4j.freebsd.sim.net;

import org.jspecify.annotations.NullMarked;
