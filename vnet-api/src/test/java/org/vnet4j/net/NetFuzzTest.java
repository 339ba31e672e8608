// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Parses arbitrary texts: each becomes a value whose text parses to the same value, or is refused.
 */
class NetFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void addresses_and_networks_read_back_as_themselves(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    roundTrip(text, Cidr::parse, Cidr::toString);
    roundTrip(text, MacAddress::parse, MacAddress::toString);
    roundTrip(text, IpLiteral::parse, IpText::of);
    if (bytes.length == 4 || bytes.length == 16) {
      InetAddress address = address(bytes);
      if (address.getAddress().length == bytes.length) {
        assertThat(IpLiteral.parse(IpText.of(address))).isEqualTo(address);
      }
    }
  }

  @FuzzTest(maxDuration = "5m")
  void names_that_pass_climb_nowhere(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    roundTrip(text, Names::fullJailName, Function.identity());
    roundTrip(text, Names::interfaceName, Function.identity());
    roundTrip(text, Names::hostname, Function.identity());
    try {
      assertThat(Names.fullJailName(text))
          .doesNotContain("/", "..", "\0", "\n")
          .doesNotEndWith(".");
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).doesNotContain("\n", "\0");
    }
  }

  private static <T> void roundTrip(
      String text, Function<String, T> parse, Function<T, String> format) {
    T value;
    try {
      value = parse.apply(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(parse.apply(format.apply(value))).isEqualTo(value);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
