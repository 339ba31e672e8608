// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

/** The packets and bytes that a counter has counted. */
public record NftCounts(long packets, long bytes) {
  static final NftCounts NONE = new NftCounts(0, 0);
}
