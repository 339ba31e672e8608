// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The topics of firewalls and rehearsals, and random rules.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.contract.firewall;

import org.jspecify.annotations.NullMarked;
