// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The tour: a program that demonstrates this library, chapter by chapter, in a sandbox.
 *
 * <p>Uses only the public model and names no kernel.
 */
@NullMarked
package org.vnet4j.tour;

import org.jspecify.annotations.NullMarked;
