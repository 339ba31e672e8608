// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Binds stacks to a Micrometer registry. Uses the public model and Micrometer.
 *
 * @since 0.1.0
 */
@NullMarked
package org.vnet4j.micrometer;

import org.jspecify.annotations.NullMarked;
