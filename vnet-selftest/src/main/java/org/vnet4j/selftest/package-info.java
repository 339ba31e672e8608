// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The self-test: a program that runs the contract on its machine and reports whether this library
 * works there. It uses only the public model and the contract; no other package uses it.
 */
@NullMarked
package org.vnet4j.selftest;

import org.jspecify.annotations.NullMarked;
