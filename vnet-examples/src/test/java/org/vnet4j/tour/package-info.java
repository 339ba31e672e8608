// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Tests the tour on a simulated kernel, where its output is the same each time. */
@NullMarked
package org.vnet4j.tour;

import org.jspecify.annotations.NullMarked;
