// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Small immutable values of networking: prefixes, MAC addresses, kinds, flags, errors, counters.
 *
 * <p>They validate in their constructor and name the offending input. They know no operating
 * system, and import nothing of the other packages.
 */
@NullMarked
package org.vnet4j.net;

import org.jspecify.annotations.NullMarked;
