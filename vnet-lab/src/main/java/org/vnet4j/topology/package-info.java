// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Whole networks as values: nodes and links, validated as a whole, planned against what is there,
 * applied at once, probed, and removed by name.
 *
 * <p>Stands on the public model alone; imports nothing of the seam.
 */
@NullMarked
package org.vnet4j.topology;

import org.jspecify.annotations.NullMarked;
