// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs of one file that make and check what is published; the build and the scripts in {@code
 * ci} run them.
 */
@NullMarked
package org.vnet4j.selftest.release;

import org.jspecify.annotations.NullMarked;
