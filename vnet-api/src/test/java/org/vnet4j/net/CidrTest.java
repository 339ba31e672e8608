// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.2/24",
        "0.0.0.0/0",
        "255.255.255.255/32",
        "2001:db8::1/64",
        "::/0",
        "::1/128",
        "fe80::1/10"
      })
  void what_is_parsed_is_written_alike(String text) {
    assertThat(Cidr.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.2/24, 192.0.2.0/24, 255.255.255.0, 192.0.2.255",
    "10.1.2.3/8, 10.0.0.0/8, 255.0.0.0, 10.255.255.255",
    "192.0.2.77/27, 192.0.2.64/27, 255.255.255.224, 192.0.2.95",
    "192.0.2.7/32, 192.0.2.7/32, 255.255.255.255, 192.0.2.7",
    "192.0.2.7/0, 0.0.0.0/0, 0.0.0.0, 255.255.255.255"
  })
  void a_prefix_has_network_netmask_and_broadcast(
      String text, String network, String netmask, String broadcast) {
    Cidr cidr = Cidr.parse(text);

    assertThat(cidr.network()).hasToString(network);
    assertThat(cidr.netmask().getHostAddress()).isEqualTo(netmask);
    assertThat(cidr.broadcast().getHostAddress()).isEqualTo(broadcast);
  }

  @Test
  void ipv6_has_no_broadcast() {
    assertThatThrownBy(() -> Cidr.parse("2001:db8::1/64").broadcast())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2001:db8::1/64");
  }

  @Test
  void a_length_out_of_range_is_named_with_its_range_and_text() {
    assertThatThrownBy(() -> Cidr.parse("192.0.2.1/33"))
        .hasMessage("Cidr: prefix length 33 is not in 0..32 in \"192.0.2.1/33\"");
    assertThatThrownBy(() -> Cidr.parse("::1/129"))
        .hasMessage("Cidr: prefix length 129 is not in 0..128 in \"::1/129\"");
    assertThatThrownBy(() -> new Cidr(IpLiteral.parse("192.0.2.1"), -1))
        .hasMessage("Cidr: prefix length -1 is not in 0..32 in \"192.0.2.1/-1\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/24",
        "192.0.2.1",
        "192.0.2.1/",
        "192.0.2.1/024",
        "192.0.2.1/+4",
        "192.0.2.1/2 ",
        "192.0.2.1/99999999999",
        "localhost/8",
        "192.0.2.1/24/24",
        "fe80::1%lo0/64"
      })
  void what_is_no_prefix_is_quoted(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void the_families_do_not_contain_each_other() {
    assertThat(Cidr.parse("0.0.0.0/0").contains(IpLiteral.parse("::1"))).isFalse();
    assertThat(Cidr.parse("::/0").contains(IpLiteral.parse("127.0.0.1"))).isFalse();
  }

  @Test
  void random_prefixes_agree_with_arithmetic_on_big_numbers() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      bytes[0] = (byte) (bytes[0] | 0x20); // not an IPv4-mapped address
      int bits = bytes.length * 8;
      int length = random.nextInt(bits + 1);
      Cidr cidr = new Cidr(InetAddress.getByAddress(bytes), length);
      BigInteger value = new BigInteger(1, bytes);
      byte[] near = bytes.clone();
      near[random.nextInt(near.length)] ^= (byte) (1 << random.nextInt(8));
      near[0] |= 0x20;
      InetAddress other = InetAddress.getByAddress(near);

      assertThat(new BigInteger(1, cidr.network().address().getAddress()))
          .as("network of %s, seed %d", cidr, seed)
          .isEqualTo(value.shiftRight(bits - length).shiftLeft(bits - length));
      assertThat(new BigInteger(1, cidr.netmask().getAddress()).bitCount())
          .as("netmask of %s, seed %d", cidr, seed)
          .isEqualTo(length);
      assertThat(cidr.contains(other))
          .as("%s contains %s, seed %d", cidr, other, seed)
          .isEqualTo(
              value
                  .shiftRight(bits - length)
                  .equals(new BigInteger(1, near).shiftRight(bits - length)));
      assertThat(Cidr.parse(cidr.toString())).as("seed %d", seed).isEqualTo(cidr);
    }
  }
}
