// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The mark that names the owner of an interface, and whether that owner still runs. Imports {@code
 * posix.helper}.
 */
@NullMarked
package org.vnet4j.posix.owner;

import org.jspecify.annotations.NullMarked;
