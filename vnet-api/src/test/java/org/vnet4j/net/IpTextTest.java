// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTextTest {

  @ParameterizedTest
  @CsvSource({
    "2001:0db8:0:0:0:0:0:1, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "0:0:1:0:0:0:0:0, 0:0:1::",
    "FE80::ABCD, fe80::abcd",
    "::192.0.2.1, ::c000:201"
  })
  void ipv6_is_written_as_rfc_5952_asks(String in, String out) {
    assertThat(IpText.of(IpLiteral.parse(in))).isEqualTo(out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "01.2.3.4",
        "1.2.3.4 ",
        "localhost",
        "::1%lo0",
        "1::2::3",
        ":",
        "12345::",
        "[::1]",
        "1:2:3:4:5:6:7",
        "0x7f.0.0.1",
        "::ffff:192.0.2.1"
      })
  void what_is_no_address_is_quoted_and_never_looked_up(String text) {
    assertThatThrownBy(() -> IpLiteral.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void random_addresses_are_read_as_they_were_written() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[16];
      for (int group = 0; group < 8; group++) {
        if (random.nextInt(3) == 0) {
          bytes[2 * group] = (byte) random.nextInt(256);
          bytes[2 * group + 1] = (byte) random.nextInt(256);
        }
      }
      bytes[1] |= 1; // not an IPv4-mapped address
      String text = IpText.of(InetAddress.getByAddress(bytes));

      assertThat(IpLiteral.parse(text).getAddress()).as("%s, seed %d", text, seed).isEqualTo(bytes);
      assertThat(text).as("seed %d", seed).isEqualTo(shortest(bytes));
    }
  }

  /** Shortens the long form by each run of zero groups in turn; the longest and first run wins. */
  private static String shortest(byte[] bytes) {
    String[] groups =
        IntStream.range(0, 8)
            .mapToObj(
                i -> Integer.toHexString((bytes[2 * i] & 255) * 256 + (bytes[2 * i + 1] & 255)))
            .toArray(String[]::new);
    for (int length = 8; length >= 2; length--) {
      for (int start = 0; start + length <= 8; start++) {
        if (IntStream.range(start, start + length).allMatch(i -> groups[i].equals("0"))) {
          return join(groups, 0, start) + "::" + join(groups, start + length, 8);
        }
      }
    }
    return join(groups, 0, 8);
  }

  private static String join(String[] groups, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> groups[i]).collect(Collectors.joining(":"));
  }
}
