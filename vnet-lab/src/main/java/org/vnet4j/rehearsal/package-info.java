// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Rehearses a change of firewall rules in a sandbox, on a replica of the stack with peers at the
 * other ends of its interfaces. Uses only the public model.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.rehearsal;

import org.jspecify.annotations.NullMarked;
