// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * {@link java.lang.Process} for programs that the helper started, and their streams. Imports {@code
 * posix.helper} and {@code posix.libc}.
 */
@NullMarked
package org.vnet4j.posix.process;

import org.jspecify.annotations.NullMarked;
