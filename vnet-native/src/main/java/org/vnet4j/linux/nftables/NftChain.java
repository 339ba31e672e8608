// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.nftables;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain of nf_tables.
 *
 * @param name its name
 * @param hook where packets enter it, or null if only other chains jump to it
 * @param lines its lines in their order
 */
record NftChain(String name, @Nullable Hook hook, List<NftRule> lines) {

  NftChain(String name) {
    this(name, null, new ArrayList<>());
  }

  NftChain add(NftExpressions code) {
    return add(code, "");
  }

  NftChain add(NftExpressions code, String comment) {
    lines.add(new NftRule(code.encoded(), comment));
    return this;
  }

  /**
   * A hook: a point on the path of packets through the kernel.
   *
   * @param type {@code filter} or {@code nat}
   * @param number of the hook
   * @param priority a lower priority runs first
   */
  record Hook(String type, int number, int priority) {}
}
