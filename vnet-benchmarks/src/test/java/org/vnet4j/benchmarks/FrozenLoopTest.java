// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The denominator of the targets does not change. */
class FrozenLoopTest {
  private static final Path FROZEN = Path.of("src/main/c/frozen");

  /** SHA-256 of the files as of commit 1eebd31. */
  private static final Map<String, String> SUMS =
      Map.of(
          "bench-jail.c", "52cfc1c988f275f40a456f3e9c5e000c103a59b92a7cf32ac0a6ceae6176ba5f",
          "bench-link.c", "0b2e85df398d29445b690072b9f4b899c57259798c3aeac767b84e0f4da6645c",
          "bench-linux.c", "c0c7d5d73eb299f17166d22b10dedd17d9f79f7e2a8790fc07e61a8546b0fb58",
          "bench-netlink.c", "e7a28c72f2a90425645fe81ba270e6a9c5536c641cf9544d469df179ada137fa",
          "bench.h", "7635eb191aa551537cd65e6fe0ea6913b7b6bfc5652aaee5b670e005f06195a2");

  @Test
  void the_frozen_loop_is_as_it_was() throws Exception {
    for (Map.Entry<String, String> one : SUMS.entrySet()) {
      byte[] file = Files.readAllBytes(FROZEN.resolve(one.getKey()));
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(file);
      assertThat(HexFormat.of().formatHex(sum)).as(one.getKey()).isEqualTo(one.getValue());
    }
  }
}
