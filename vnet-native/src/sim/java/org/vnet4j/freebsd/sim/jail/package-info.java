// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** jail_set(2), jail_get(2) and jail_remove(2) of the simulated kernel. */
@NullMarked
package org.vnet4j.freebsd.sim.jail;

import org.jspecify.annotations.NullMarked;
