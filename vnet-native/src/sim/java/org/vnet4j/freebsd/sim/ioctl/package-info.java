// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** ioctl(2) of the simulated kernel: interfaces, cloners, bridges, moves between stacks, bpf. */
@NullMarked
package org.vnet4j.freebsd.sim.ioctl;

import org.jspecify.annotations.NullMarked;
