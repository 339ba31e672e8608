// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.vnet4j.topology.Topology;

/** Files that somebody else wrote: a topology, or all that is wrong, each with its place. */
class TopologyFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void a_file_is_a_topology_or_refused_with_places(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    orRefused(
        () -> {
          Topology topology = TopologyFile.parse("lab.yaml", text);
          assertThat(topology.nodes()).isNotEmpty();
          assertThat(topology.toString()).isNotEmpty();
        });
    orRefused(() -> TopologyFile.parseSpread("lab.yaml", text));
  }

  private static void orRefused(Runnable reading) {
    try {
      reading.run();
    } catch (TopologyFile.InvalidException e) {
      assertThat(e.problems()).isNotEmpty();
      for (TopologyFile.Problem problem : e.problems()) {
        assertThat(problem.line()).isPositive();
        assertThat(problem.column()).isPositive();
        assertThat(problem.message()).isNotBlank();
      }
    }
  }
}
