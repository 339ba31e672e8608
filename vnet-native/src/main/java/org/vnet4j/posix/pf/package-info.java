// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Rules as lines of pf.conf(5) and ipf.conf(5), and the listings of pfctl(8) and ipfstat(8). Texts
 * alone: starts nothing, imports the model only.
 */
@NullMarked
package org.vnet4j.posix.pf;

import org.jspecify.annotations.NullMarked;
