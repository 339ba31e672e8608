// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Which jails there are, since Linux has no numbers for them: in memory for a sandbox, in {@code
 * /run/vnet4j} for the machine. Imports {@code posix} and {@code posix.libc}.
 */
@NullMarked
package org.vnet4j.linux.registry;

import org.jspecify.annotations.NullMarked;
