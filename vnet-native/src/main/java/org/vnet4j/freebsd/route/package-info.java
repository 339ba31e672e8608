// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The route socket: requests, answers, events. Imports {@code freebsd.sys} and {@code
 * freebsd.ioctl}. See route(4).
 */
@NullMarked
package org.vnet4j.freebsd.route;

import org.jspecify.annotations.NullMarked;
