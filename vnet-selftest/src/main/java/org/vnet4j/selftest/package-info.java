// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The self-test: a program that runs the contract on the machine it stands on and says whether this
 * library works there. It uses the public model only; nothing uses it.
 */
@NullMarked
package org.vnet4j.selftest;

import org.jspecify.annotations.NullMarked;
