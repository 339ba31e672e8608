// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The topics of whole networks: topologies, and their parts on several machines.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.contract.topology;

import org.jspecify.annotations.NullMarked;
