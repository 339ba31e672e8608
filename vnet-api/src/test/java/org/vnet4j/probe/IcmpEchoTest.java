// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IcmpEchoTest {

  @ParameterizedTest
  @CsvSource({
    "0001f203f4f5f6f7, 220d", // RFC 1071, section 3
    "4500003044224000800600008c7c19acae241e2b, 442e", // an IPv4 header with a zero checksum
    "ffff, 0000",
    "0000, ffff",
    "01, feff", // an odd byte is the high one
    "080000000001000a, f7f4"
  })
  void checksums_agree_with_known_ones(String message, String checksum) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(message));

    assertThat(IcmpEcho.checksum(bytes)).isEqualTo(Integer.parseInt(checksum, 16));
    assertThat(bytes.remaining()).isEqualTo(message.length() / 2);
  }

  @Test
  void a_message_with_its_checksum_sums_up_to_zero() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      ByteBuffer request =
          new IcmpEcho(false)
              .request(random.nextInt(0x10000), random.nextInt(0x10000), random.nextInt(2000));
      assertThat(IcmpEcho.checksum(request)).as("seed %d", seed).isZero();
    }
  }

  @Test
  void a_request_is_laid_out_as_rfc_792_says() {
    ByteBuffer request = new IcmpEcho(false).request(0x1234, 0x0007, 4);

    assertThat(HexFormat.of().formatHex(request.array())).isEqualTo("0800e3c01234000700010203");
  }

  @Test
  void the_kernel_fills_in_the_checksum_of_icmpv6() {
    ByteBuffer request = new IcmpEcho(true).request(0x1234, 7, 0);

    assertThat(HexFormat.of().formatHex(request.array())).isEqualTo("8000000012340007");
  }

  @Test
  void a_reply_to_another_program_is_not_ours() {
    IcmpEcho echo = new IcmpEcho(false);

    assertThat(echo.reply(hex("0000000012340007"), 0x1234)).isEqualTo(7);
    assertThat(echo.reply(hex("000000001234ffff"), 0x1234)).isEqualTo(0xffff);
    assertThat(echo.reply(hex("0000000012350007"), 0x1234)).isEqualTo(-1);
    assertThat(echo.reply(hex("0800000012340007"), 0x1234)).as("a request").isEqualTo(-1);
    assertThat(echo.reply(hex("00000000123400"), 0x1234)).as("cut short").isEqualTo(-1);
    assertThat(echo.reply(hex(""), 0x1234)).isEqualTo(-1);
  }

  @Test
  void an_error_quotes_our_request_behind_its_ip_header() {
    String header = "45000000" + "00".repeat(16);
    String options = "46000000" + "00".repeat(20);
    String request = "0800000012340007";
    IcmpEcho echo = new IcmpEcho(false);

    assertThat(echo.quoted(hex("0301000000000000" + header + request), 0x1234)).isEqualTo(7);
    assertThat(echo.quoted(hex("0301000000000000" + options + request), 0x1234)).isEqualTo(7);
    assertThat(echo.quoted(hex("0301000000000000" + header + request), 0x4321)).isEqualTo(-1);
    assertThat(echo.quoted(hex("0301000000000000" + header), 0x1234)).isEqualTo(-1);
    assertThat(echo.quoted(hex("0301000000000000"), 0x1234)).isEqualTo(-1);
    assertThat(echo.quoted(hex("0000000012340007" + header + request), 0x1234)).isEqualTo(-1);
  }

  @Test
  void an_icmpv6_error_quotes_our_request_behind_40_bytes() {
    String packet = "60" + "00".repeat(39) + "8000000012340007";
    IcmpEcho echo = new IcmpEcho(true);

    assertThat(echo.quoted(hex("0103000000000000" + packet), 0x1234)).isEqualTo(7);
    assertThat(echo.quoted(hex("8100000012340007" + packet), 0x1234)).isEqualTo(-1);
  }

  @Test
  void random_bytes_are_read_without_harm() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      IcmpEcho echo = new IcmpEcho(random.nextBoolean());
      assertThat(echo.reply(ByteBuffer.wrap(bytes), 1)).as("seed %d", seed).isBetween(-1, 0xffff);
      assertThat(echo.quoted(ByteBuffer.wrap(bytes), 1)).as("seed %d", seed).isBetween(-1, 0xffff);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, 0300, network unreachable",
    "false, 0301, host unreachable",
    "false, 0303, port unreachable",
    "false, 030d, administratively prohibited",
    "false, 030f, 'destination unreachable, code 15'",
    "false, 0b00, time exceeded",
    "false, 0c00, parameter problem",
    "true, 0100, no route",
    "true, 0101, administratively prohibited",
    "true, 0103, address unreachable",
    "true, 0200, packet too big",
    "true, 0300, time exceeded",
    "true, 0400, parameter problem"
  })
  void errors_are_put_into_words(boolean ipv6, String message, String words) {
    assertThat(new IcmpEcho(ipv6).meaning(hex(message))).isEqualTo(words);
  }

  private static ByteBuffer hex(String bytes) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(bytes));
  }
}
