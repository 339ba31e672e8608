// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** Tests of the helper on the kernel at hand, each in a stack of its own. */
@NullMarked
package org.vnet4j.posix;

import org.jspecify.annotations.NullMarked;
