// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * One method for one ioctl(2) on interfaces, bridges, tunnels and bpf, with the offsets of each
 * structure beside it. Stateless: each is given a socket of the stack that is meant. Imports {@code
 * freebsd.sys}. See netintro(4).
 */
@NullMarked
package org.vnet4j.freebsd.ioctl;

import org.jspecify.annotations.NullMarked;
