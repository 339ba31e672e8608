// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The codec of rtnetlink: links, addresses, routes, queues, namespaces. Writes requests and decodes
 * messages; sends nothing. Imports {@code linux.netlink}. See rtnetlink(7).
 */
@NullMarked
package org.vnet4j.linux.rtnetlink;

import org.jspecify.annotations.NullMarked;
