// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What the topics of the contract share: the kernel under test, packet probes, threads, programs,
 * and the check for leftovers.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.contract.kit;

import org.jspecify.annotations.NullMarked;
