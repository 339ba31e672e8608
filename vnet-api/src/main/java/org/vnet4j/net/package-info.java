// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Small immutable values of networking: prefixes, MAC addresses, kinds, flags, errors, counters.
 *
 * <p>They validate in their constructor and quote the offending input. They are independent of the
 * operating system and import no other package of this library.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.net;

import org.jspecify.annotations.NullMarked;
