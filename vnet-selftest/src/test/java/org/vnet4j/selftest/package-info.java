// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Tests of the self-test: what it says, and that its jar runs here. */
@NullMarked
package org.vnet4j.selftest;

import org.jspecify.annotations.NullMarked;
