// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** ipfw and dummynet of the simulated kernel, answered in bytes. */
@NullMarked
package org.vnet4j.freebsd.sim.ipfw;

import org.jspecify.annotations.NullMarked;
