// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The tour: a program that shows what this library is, chapter by chapter, in a sandbox.
 *
 * <p>Uses the public model only, and no kernel by name.
 */
@NullMarked
package org.vnet4j.tour;

import org.jspecify.annotations.NullMarked;
