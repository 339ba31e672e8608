// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vnet4j.Vnet;
import org.vnet4j.capture.Filter.SyntaxException;

/** Tests filters parsed from text without libpcap, as this module has no native code. */
class FilterParserTest {

  @Test
  void a_text_becomes_the_filter_that_it_says() {
    assertThat(Filter.parse("tcp port 80").program(96))
        .isEqualTo(Filter.tcp().and(Filter.port(80)).program(96));
    assertThat(Filter.parse(" ( icmp6 )||! host 2001:db8::1 ").program(96))
        .isEqualTo(Filter.icmp6().or(Filter.host("2001:db8::1").not()).program(96));
    assertThat(Filter.parse("").program(96)).isEqualTo(Filter.all().program(96));
    assertThat(Filter.parse("tcp  port 80")).hasToString("tcp  port 80");
  }

  @Test
  void and_and_or_bind_alike_and_from_the_left() {
    Filter left = Filter.tcp().or(Filter.udp()).and(Filter.port(53));

    assertThat(Filter.parse("tcp or udp and port 53").program(96)).isEqualTo(left.program(96));
  }

  @ParameterizedTest
  @CsvSource({
    "tcp prt 80, '\"prt\" is one too many'",
    "tcp port, something is missing at the end",
    "tcp port http, '\"http\" is no port from 0 to 65535; names are not looked up'",
    "port 65536, '\"65536\" is no port'",
    "host www.example.org, '\"www.example.org\" is no address; names are not looked up'",
    "net 192.0.2.1/24, '\"192.0.2.1/24\" is an address in a network, not the network'",
    "tcp host 192.0.2.1, tcp has no address 192.0.2.1",
    "ip6 host 192.0.2.1, ip6 has no address 192.0.2.1",
    "icmp port 80, icmp has no ports",
    "(tcp, a parenthesis is not closed",
    "tcp), '\")\" is one too many'",
    "tcp and, something is missing at the end",
    "src 192.0.2.1, '\"192.0.2.1\" is neither a protocol nor host, net or port'",
    "vlan 5, '\"vlan\" is neither a protocol nor host, net or port'",
  })
  void what_is_wrong_is_told(String text, String problem) {
    assertThatThrownBy(() -> Filter.parse(text))
        .isInstanceOf(SyntaxException.class)
        .hasMessageStartingWith("filter \"" + text + "\": ")
        .hasMessageContaining(problem)
        .hasMessageEndingWith("(no provider for libpcap: put vnet-native on the class path)");
  }

  @Test
  void without_libpcap_what_needs_it_says_so() {
    assertThatThrownBy(() -> Filter.pcap("tcp"))
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessage("no provider for libpcap: put vnet-native on the class path");
  }

  @Test
  void parentheses_without_end_are_no_stack_overflow() {
    assertThatThrownBy(() -> Filter.parse("(".repeat(100_000)))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("more than 100 parentheses");
  }
}
