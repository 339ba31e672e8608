// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.contract.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that a full neighbour table is noticed and named. */
class NeighbourTableTest {
  private static final String NAMES =
      "entries  allocs   forced_gc_runs unresolved_discards table_fulls";

  @Test
  void the_counters_of_all_processors_are_added() {
    assertThat(
            NeighbourTable.fulls(
                List.of(
                    NAMES,
                    "00000004 00008cff   00000005       00000000            00000010",
                    "00000004 00003022   00000000       00000000            000000ff")))
        .isEqualTo(0x10f);
  }

  @Test
  void a_kernel_without_the_counter_never_counts() {
    assertThat(NeighbourTable.fulls(List.of("entries  allocs", "00000004 00008cff"))).isZero();
  }

  @Test
  void growth_is_explained_with_its_remedy() {
    assertThat(NeighbourTable.explanation(7, 7)).isEmpty();
    assertThat(NeighbourTable.explanation(7, 9).orElseThrow())
        .contains("full 2 times")
        .contains("net.ipv4.neigh.default.gc_thresh3");
  }
}
