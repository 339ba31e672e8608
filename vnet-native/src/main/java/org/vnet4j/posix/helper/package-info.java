// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The helper: its program, its protocol (src-c/helper/protocol.h), its socket, and actions that it
 * defers. Imports {@code posix.libc}.
 */
@NullMarked
package org.vnet4j.posix.helper;

import org.jspecify.annotations.NullMarked;
