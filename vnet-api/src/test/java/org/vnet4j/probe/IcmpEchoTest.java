// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
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
          new IcmpEcho(false, random.nextInt(2000)).request(random.nextInt(0x10000));
      assertThat(IcmpEcho.checksum(request)).as("seed %d", seed).isZero();
    }
  }

  @Test
  void a_request_is_laid_out_as_rfc_792_says() {
    ByteBuffer request = ours(false, 4).request(0x0007);

    assertThat(HexFormat.of().formatHex(request.array())).isEqualTo("0800e3c01234000700010203");
  }

  @Test
  void the_kernel_fills_in_the_checksum_of_icmpv6() {
    ByteBuffer request = ours(true, 0).request(7);

    assertThat(HexFormat.of().formatHex(request.array())).isEqualTo("8000000012340007");
  }

  @Test
  void a_reply_to_another_program_is_not_ours() {
    IcmpEcho echo = ours(false, 0);

    assertThat(echo.reply(hex("0000000012340007"))).isEqualTo(7);
    assertThat(echo.reply(hex("000000001234ffff"))).isEqualTo(0xffff);
    assertThat(echo.reply(hex("0000000012350007"))).isEqualTo(-1);
    assertThat(echo.reply(hex("0800000012340007"))).as("a request").isEqualTo(-1);
    assertThat(echo.reply(hex("00000000123400"))).as("cut short").isEqualTo(-1);
    assertThat(echo.reply(hex(""))).isEqualTo(-1);
  }

  @Test
  void a_token_tells_apart_who_drew_the_same_identifier() {
    IcmpEcho echo = ours(false, 8);

    assertThat(HexFormat.of().formatHex(echo.request(7).array()))
        .isEqualTo("0800d5b0123400070102030405060708");
    assertThat(echo.reply(hex("00000000123400070102030405060708"))).isEqualTo(7);
    assertThat(echo.reply(hex("00000000123400070102030405060709"))).isEqualTo(-1);
    assertThat(echo.reply(hex("000000001234000701020304050607"))).as("cut short").isEqualTo(-1);
  }

  @Test
  void probes_of_one_program_have_identifiers_of_their_own() {
    int probes = 1000;
    Set<String> identifiers = new HashSet<>();
    for (int i = 0; i < probes; i++) {
      ByteBuffer request = new IcmpEcho(true, 0).request(0);
      identifiers.add(HexFormat.of().formatHex(request.array()));
    }

    assertThat(identifiers).hasSize(probes);
  }

  @Test
  void an_error_quotes_our_request_behind_its_ip_header() {
    String header = "45000000" + "00".repeat(16);
    String options = "46000000" + "00".repeat(20);
    String request = "0800000012340007";
    String foreign = "0800000043210007";
    IcmpEcho echo = ours(false, 0);

    assertThat(echo.quoted(hex("0301000000000000" + header + request))).isEqualTo(7);
    assertThat(echo.quoted(hex("0301000000000000" + options + request))).isEqualTo(7);
    assertThat(echo.quoted(hex("0301000000000000" + header + foreign))).isEqualTo(-1);
    assertThat(echo.quoted(hex("0301000000000000" + header))).isEqualTo(-1);
    assertThat(echo.quoted(hex("0301000000000000"))).isEqualTo(-1);
    assertThat(echo.quoted(hex("0000000012340007" + header + request))).isEqualTo(-1);
  }

  @Test
  void an_icmpv6_error_quotes_our_request_behind_40_bytes() {
    String packet = "60" + "00".repeat(39) + "8000000012340007";
    IcmpEcho echo = ours(true, 0);

    assertThat(echo.quoted(hex("0103000000000000" + packet))).isEqualTo(7);
    assertThat(echo.quoted(hex("8100000012340007" + packet))).isEqualTo(-1);
  }

  @Test
  void random_bytes_are_read_without_harm() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      IcmpEcho echo = ours(random.nextBoolean(), random.nextInt(20));
      assertThat(echo.reply(ByteBuffer.wrap(bytes))).as("seed %d", seed).isBetween(-1, 0xffff);
      assertThat(echo.quoted(ByteBuffer.wrap(bytes))).as("seed %d", seed).isBetween(-1, 0xffff);
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
    assertThat(ours(ipv6, 0).meaning(hex(message))).isEqualTo(words);
  }

  private static IcmpEcho ours(boolean ipv6, int size) {
    return new IcmpEcho(ipv6, size, 0x1234, 0x0102030405060708L);
  }

  private static ByteBuffer hex(String bytes) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(bytes));
  }
}
