// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

  @Test
  void text_and_bytes_are_the_same_address() {
    MacAddress address = MacAddress.parse("02:AB:00:00:ff:0a");

    assertThat(address).hasToString("02:ab:00:00:ff:0a");
    assertThat(address.bytes()).containsExactly(2, 0xab, 0, 0, 0xff, 0x0a);
    assertThat(MacAddress.of(address.bytes())).isEqualTo(address);
    assertThat(address.bits()).isEqualTo(0x02ab_0000_ff0aL);
  }

  @Test
  void groups_and_local_addresses_are_told_by_two_bits() {
    assertThat(MacAddress.parse("ff:ff:ff:ff:ff:ff").isMulticast()).isTrue();
    assertThat(MacAddress.parse("01:00:5e:00:00:01").isMulticast()).isTrue();
    assertThat(MacAddress.parse("02:00:00:00:00:01").isMulticast()).isFalse();
    assertThat(MacAddress.parse("02:00:00:00:00:01").isLocallyAdministered()).isTrue();
    assertThat(MacAddress.parse("00:1b:21:00:00:01").isLocallyAdministered()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "02:00:00:00:00",
        "02:00:00:00:00:0g",
        "2:0:0:0:0:1",
        "02-00-00-00-00-01",
        "02:00:00:00:00:01:02",
        " 02:00:00:00:00:01"
      })
  void what_is_no_address_is_quoted(String text) {
    assertThatThrownBy(() -> MacAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void an_address_has_48_bits() {
    assertThatThrownBy(() -> new MacAddress(1L << 48)).hasMessageContaining("0x1000000000000");
    assertThatThrownBy(() -> new MacAddress(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MacAddress.of(new byte[5])).hasMessageContaining("5 bytes");
  }

  @Test
  void random_addresses_may_be_given_to_interfaces_and_round_trip() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      MacAddress address = MacAddress.random(random);
      assertThat(address.isLocallyAdministered()).as("%s, seed %d", address, seed).isTrue();
      assertThat(address.isMulticast()).as("%s, seed %d", address, seed).isFalse();
      assertThat(MacAddress.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
      assertThat(MacAddress.of(address.bytes())).as("seed %d", seed).isEqualTo(address);
    }
  }
}
