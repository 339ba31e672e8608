// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * jail_set(2), jail_get(2), their parameters, and the watch of jails by kqueue(2). Imports {@code
 * freebsd.sys}.
 */
@NullMarked
package org.vnet4j.freebsd.jail;

import org.jspecify.annotations.NullMarked;
