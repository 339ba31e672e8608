// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The system calls of FreeBSD: libc with its names unchanged, errnos and remedies, sysctl, kqueue,
 * modules, kenv, sockets and their addresses. A simulated kernel takes the place of libc in tests.
 * Imports {@code posix} alone.
 */
@NullMarked
package org.vnet4j.freebsd.sys;

import org.jspecify.annotations.NullMarked;
