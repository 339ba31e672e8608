// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.contract.kit.Programs;
import org.vnet4j.freebsd.sim.machine.SimMachine;

/** Runs the tour on a simulated FreeBSD kernel and compares the output with the expected text. */
@Timeout(240)
class SimulatedTourTest {

  @BeforeEach
  void what_the_tour_runs() {
    assumeTrue(SimMachine.lacks().isEmpty(), () -> "no programs: " + SimMachine.lacks().get());
    Programs.need("python3");
    Programs.need("dhclient");
    Programs.need("dnsmasq");
  }

  @Test
  void the_tour_on_freebsd_prints_the_article() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Narrator narrator = new Narrator(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
      Tour.run(new SimMachine()::sandbox, narrator);
    }

    assertThat(masked(bytes.toString(StandardCharsets.UTF_8))).isEqualTo(expected());
  }

  /** Masks what differs between runs: numbers of MAC addresses, times, versions, progress. */
  private static String masked(String text) {
    return text.lines()
        .filter(line -> !line.matches(" +\\.\\.\\. waiting.*|.* ping: [0-9]+ s"))
        .map(line -> line.replace(System.getProperty("os.arch"), "ARCH"))
        .map(line -> line.replaceAll("ether [0-9a-f:]{17}", "ether MAC"))
        .map(line -> line.replaceAll("(stddev =) [0-9./]+ ms", "$1 TIMES ms"))
        .map(line -> line.replaceAll("fe80::[0-9a-f:]+", "fe80::LOCAL"))
        .map(line -> line.replaceAll("(Server: SimpleHTTP).*", "$1"))
        .map(line -> line.replaceAll("(Date:) .*", "$1"))
        .map(line -> line.replaceAll("198\\.51\\.100\\.[12][0-9]\\b", "198.51.100.1N"))
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n"));
  }

  private static String expected() throws IOException {
    try (InputStream in = SimulatedTourTest.class.getResourceAsStream("/tour/freebsd.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
    }
  }
}
