// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Compares this library with C and with commonly used tools, in one run: {@link
 * org.vnet4j.benchmarks.Contest} is the program, the JMH benchmarks are this library's part in it.
 */
@NullMarked
package org.vnet4j.benchmarks;

import org.jspecify.annotations.NullMarked;
