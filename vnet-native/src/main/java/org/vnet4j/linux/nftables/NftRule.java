// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.util.Arrays;

/**
 * One rule of nf_tables, called a line here, since one firewall rule may compile to several.
 *
 * @param expressions encoded, see {@link NftExpressions}
 * @param comment the text that nft(8) shows after the rule, or empty
 */
record NftRule(byte[] expressions, String comment) {

  @Override
  public boolean equals(Object other) {
    return other == this
        || other instanceof NftRule line && Arrays.equals(expressions, line.expressions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(expressions);
  }
}
