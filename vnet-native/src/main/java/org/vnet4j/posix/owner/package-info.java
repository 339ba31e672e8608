// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The mark that names the owner of an interface, whether that owner still runs, and the note of a
 * trial. Imports {@code posix.helper}.
 */
@NullMarked
package org.vnet4j.posix.owner;

import org.jspecify.annotations.NullMarked;
