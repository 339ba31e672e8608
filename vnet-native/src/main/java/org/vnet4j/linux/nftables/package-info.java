// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Firewall rules compiled to nf_tables, committed in batches, and read back. Imports {@code
 * linux.netlink} and {@code linux.rtnetlink}; reaches its stack by {@link FirewalledStack} only.
 * See nft(8), linux/netfilter/nf_tables.h.
 */
@NullMarked
package org.vnet4j.linux.nftables;

import org.jspecify.annotations.NullMarked;
