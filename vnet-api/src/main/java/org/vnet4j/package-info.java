// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/** The objects a user holds: hosts, jails, interfaces, bridges. */
@NullMarked
package org.vnet4j;

import org.jspecify.annotations.NullMarked;
