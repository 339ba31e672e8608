// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Replays recorded calls of a running FreeBSD 15.1 on the simulated kernel. */
@NullMarked
package org.vnet4j.freebsd.sim.replay;

import org.jspecify.annotations.NullMarked;
