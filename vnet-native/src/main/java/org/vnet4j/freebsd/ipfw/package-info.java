// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The codec of ipfw(4) and dummynet(4) in the versions of FreeBSD 14 and 15. Imports {@code
 * freebsd.sys}. See netinet/ip_fw.h.
 */
@NullMarked
package org.vnet4j.freebsd.ipfw;

import org.jspecify.annotations.NullMarked;
