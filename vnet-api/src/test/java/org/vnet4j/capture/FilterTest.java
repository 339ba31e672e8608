// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs compiled filters on a small BPF machine of this test. The contract runs them in a kernel.
 */
class FilterTest {
  private static final int TCP = 6;
  private static final int UDP = 17;

  private final byte[] web = frame("192.0.2.1", "198.51.100.9", TCP, 4711, 80, 0);
  private final byte[] dns6 = frame("2001:db8::1", "2001:db8::2", UDP, 53, 9999, 0);

  private static byte[] frame(
      String from, String to, int protocol, int sourcePort, int port, int fragment) {
    byte[] source = address(from);
    byte[] destination = address(to);
    boolean ipv6 = source.length == 16;
    ByteBuffer out = ByteBuffer.allocate(100);
    out.position(12).putShort((short) (ipv6 ? 0x86dd : 0x0800));
    if (ipv6) {
      out.put(14, (byte) 0x60).put(20, (byte) protocol).position(22);
    } else {
      // An IP header with an option shifts the ports.
      out.put(14, (byte) 0x46).putShort(20, (short) fragment).put(23, (byte) protocol).position(26);
    }
    out.put(source).put(destination);
    out.position(ipv6 ? 54 : 14 + 24).putShort((short) sourcePort).putShort((short) port);
    return out.array();
  }

  private static byte[] address(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Runs a program; returns the number of bytes to keep, 0 if it reads beyond the frame. */
  static int run(List<Instruction> program, byte[] frame) {
    try {
      return interpret(program, frame);
    } catch (IndexOutOfBoundsException e) {
      return 0;
    }
  }

  private static int interpret(List<Instruction> program, byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    int a = 0;
    int x = 0;
    for (int pc = 0; ; pc++) {
      Instruction one = program.get(pc);
      int k = one.k();
      switch (one.code()) {
        case 0x20 -> a = bytes.getInt(k);
        case 0x28 -> a = bytes.getShort(k) & 0xffff;
        case 0x30 -> a = bytes.get(k) & 0xff;
        case 0x48 -> a = bytes.getShort(x + k) & 0xffff;
        case 0xb1 -> x = 4 * (bytes.get(k) & 0xf);
        case 0x54 -> a &= k;
        case 0x05 -> pc += k;
        case 0x15 -> pc += a == k ? one.jt() : one.jf();
        case 0x45 -> pc += (a & k) != 0 ? one.jt() : one.jf();
        case 0x06 -> {
          return k;
        }
        default -> throw new AssertionError("instruction " + one);
      }
    }
  }

  private static boolean passes(Filter filter, byte[] frame) {
    return run(filter.program(96), frame) == 96;
  }

  @Test
  void protocols_tell_frames_apart() {
    assertThat(passes(Filter.all(), web)).isTrue();
    assertThat(passes(Filter.ip(), web)).isTrue();
    assertThat(passes(Filter.ip6(), web)).isFalse();
    assertThat(passes(Filter.tcp(), web)).isTrue();
    assertThat(passes(Filter.udp(), web)).isFalse();
    assertThat(passes(Filter.udp(), dns6)).isTrue();
    assertThat(passes(Filter.icmp(), web)).isFalse();
    assertThat(passes(Filter.icmp6(), dns6)).isFalse();
    assertThat(passes(Filter.arp(), web)).isFalse();
  }

  @Test
  void hosts_and_networks_are_looked_for_at_both_ends() {
    assertThat(passes(Filter.host("192.0.2.1"), web)).isTrue();
    assertThat(passes(Filter.host("198.51.100.9"), web)).isTrue();
    assertThat(passes(Filter.host("192.0.2.2"), web)).isFalse();
    assertThat(passes(Filter.net("198.51.100.0/29"), web)).isFalse();
    assertThat(passes(Filter.net("198.51.100.0/24"), web)).isTrue();
    assertThat(passes(Filter.host("2001:db8::2"), dns6)).isTrue();
    assertThat(passes(Filter.host("2001:db8::3"), dns6)).isFalse();
    assertThat(passes(Filter.net("2001:db8::/33"), dns6)).isTrue();
    assertThat(passes(Filter.net("2001:db8:8000::/33"), dns6)).isFalse();
    assertThat(passes(Filter.net("0.0.0.0/0"), dns6)).isFalse();
  }

  @Test
  void ports_are_found_behind_options_and_not_in_later_fragments() {
    assertThat(passes(Filter.port(80), web)).isTrue();
    assertThat(passes(Filter.port(4711), web)).isTrue();
    assertThat(passes(Filter.port(81), web)).isFalse();
    assertThat(passes(Filter.port(53), dns6)).isTrue();
    byte[] later = frame("192.0.2.1", "198.51.100.9", TCP, 4711, 80, 7);
    assertThat(passes(Filter.port(80), later)).isFalse();
  }

  @Test
  void filters_are_joined_and_turned_round() {
    Filter filter = Filter.tcp().and(Filter.port(80).or(Filter.port(443)).not());

    assertThat(passes(filter, web)).isFalse();
    assertThat(passes(filter.not(), web)).isTrue();
    assertThat(passes(Filter.all().not(), web)).isFalse();
    assertThat(filter).hasToString("tcp and not ((port 80 or port 443))");
  }

  @Test
  void a_filter_that_is_longer_than_a_jump_still_holds() {
    Filter many = Filter.host("203.0.113.0");
    for (int i = 1; i < 60; i++) {
      many = many.or(Filter.host("203.0.113." + i));
    }

    assertThat(many.program(96)).hasSizeGreaterThan(500);
    assertThat(passes(many, web)).isFalse();
    assertThat(passes(many.or(Filter.port(80)), web)).isTrue();
    assertThat(passes(many, frame("203.0.113.0", "192.0.2.1", TCP, 1, 2, 0))).isTrue();
    assertThat(passes(many, frame("203.0.113.59", "192.0.2.1", TCP, 1, 2, 0))).isTrue();
  }

  @Test
  void a_port_that_is_none_is_refused() {
    assertThatThrownBy(() -> Filter.port(65536)).hasMessage("port 65536 is not in 0..65535");
  }

  @Test
  void a_filter_of_many_terms_is_compiled_and_has_a_text() {
    Filter parsed = Filter.parse("ip" + " or tcp".repeat(30_000));
    Filter built = Filter.arp();
    for (int i = 0; i < 30_000; i++) {
      built = i % 2 == 0 ? built.or(Filter.tcp()) : built.and(Filter.port(80));
    }

    assertThat(passes(parsed, web)).isTrue();
    assertThat(passes(built, web)).isTrue();
    assertThat(passes(built, frame("192.0.2.1", "198.51.100.9", UDP, 1, 2, 0))).isFalse();
    assertThat(built.toString()).endsWith(" or tcp) and port 80").hasSizeGreaterThan(300_000);
    assertThat(parsed.toString()).hasSize(2 + 7 * 30_000);
  }

  @Test
  void filters_too_deep_in_one_another_are_refused_with_the_limit() {
    assertThatThrownBy(
            () -> {
              Filter deep = Filter.tcp();
              for (int i = 0; i < 30_000; i++) {
                deep = Filter.udp().or(deep);
              }
            })
        .isInstanceOf(Filter.LimitException.class)
        .hasMessageContaining("more than 1000");
    Filter turned = Filter.tcp();
    for (int i = 0; i < 30_001; i++) {
      turned = turned.not();
    }
    assertThat(turned).hasToString("not (tcp)");
  }

  @Test
  void a_text_means_what_its_filter_means() {
    Filter tcp80 = Filter.tcp().and(Filter.port(80));
    for (Filter filter :
        List.of(
            Filter.udp().or(tcp80),
            tcp80.or(Filter.udp()),
            Filter.host("192.0.2.1").and(Filter.udp().or(tcp80)).and(Filter.ip()),
            Filter.port(443).and(Filter.parse("tcp or udp")),
            Filter.parse("tcp or udp").and(Filter.port(443)),
            Filter.arp().or(Filter.udp()).or(tcp80.not()).and(Filter.ip()),
            Filter.all().and(tcp80),
            Filter.all().or(tcp80))) {
      Filter again = Filter.parse(filter.toString());
      for (byte[] frame :
          List.of(
              web,
              frame("192.0.2.1", "198.51.100.9", UDP, 1, 443, 0),
              frame("192.0.2.1", "198.51.100.9", UDP, 1, 80, 0),
              frame("192.0.2.9", "198.51.100.9", TCP, 1, 443, 0))) {
        assertThat(passes(again, frame)).as("%s", filter).isEqualTo(passes(filter, frame));
      }
    }
  }
}
