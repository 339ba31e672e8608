// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Represents whole networks as values: nodes and links. A topology is validated, compared with the
 * present state, applied, tested by pings, and removed by its name.
 *
 * <p>Uses only the public model; imports nothing of the seam.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.topology;

import org.jspecify.annotations.NullMarked;
