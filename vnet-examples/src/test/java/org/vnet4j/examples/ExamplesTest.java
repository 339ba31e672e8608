// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vnet4j.contract.kit.Programs;

/** Runs each example and checks its output. */
@Timeout(240)
class ExamplesTest {
  private interface Main {
    void run() throws Exception;
  }

  @BeforeAll
  static void a_sandbox_is_possible() {
    Sandboxes.open().close();
  }

  /** Runs an example and returns the lines it prints; prints them too. */
  private static List<String> said(Main example) throws Exception {
    PrintStream out = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      example.run();
    } finally {
      System.setOut(out);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    out.print(text);
    return text.lines().toList();
  }

  @Test
  void a_laboratory_in_five_lines() throws Exception {
    assertThat(said(FiveLines::main)).last().isEqualTo("3 nodes, 6 pairs: all reached");
  }

  @Test
  void a_soft_router_with_a_firewall() throws Exception {
    List<String> said = said(SoftRouter::main);

    assertThat(said)
        .startsWith(
            "world pings web: false",
            "web pings world: true",
            "world to port 80: true",
            "world to port 22: false");
    assertThat(said).anyMatch(line -> line.matches("00400 [1-9].* deny ip from any to any"));
  }

  @Test
  void dhcp_and_dns() throws Exception {
    Programs.need("dnsmasq");
    Programs.need("dhclient", "udhcpc", "dhcpcd");
    List<String> said = said(DhcpAndDns::main);

    assertThat(said)
        .satisfiesExactly(
            line -> assertThat(line).matches("ann got 10\\.0\\.0\\.(5[0-9]|60)/24"),
            line -> assertThat(line).isEqualTo("ann asks for printer.lab: 10.0.0.9"),
            line -> assertThat(line).matches("bob got 10\\.0\\.0\\.(5[0-9]|60)/24"),
            line -> assertThat(line).isEqualTo("bob asks for printer.lab: 10.0.0.9"));
    assertThat(said.get(0).substring(4)).isNotEqualTo(said.get(2).substring(4));
  }

  @Test
  void an_http_client_on_a_lossy_line() throws Exception {
    assertThat(said(LossyHttp::main))
        .satisfiesExactly(
            good ->
                assertThat(good)
                    .matches("good line: 0 of 100 pings lost, page whole after \\d+ ms"),
            bad -> assertThat(bad).matches("rate .*: [1-9]\\d* of 100 pings lost, page whole .*"));
  }

  @Test
  void two_sites_with_the_same_addresses() throws Exception {
    List<String> said = said(TwoSites::main);

    assertThat(said)
        .satisfiesExactly(
            one -> assertThat(one).matches("berlin, .*192.168.1.10:80: Guten Tag"),
            other -> assertThat(other).matches("paris, .*192.168.1.10:80: Bonjour"));
  }

  @Test
  void how_long_it_takes_to_make_things() throws Exception {
    assertThat(said(CreationBenchmark::main))
        .hasSize(3)
        .allMatch(line -> line.matches("\\w+ +made in +\\d+ us, destroyed in +\\d+ us .*"));
  }
}
