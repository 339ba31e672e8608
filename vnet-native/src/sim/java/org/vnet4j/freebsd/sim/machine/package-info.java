// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A machine around the simulated kernel: its helper, and the Linux namespaces whose TCP and
 * programs its stacks borrow.
 */
@NullMarked
package org.vnet4j.freebsd.sim.machine;

import org.jspecify.annotations.NullMarked;
