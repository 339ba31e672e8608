// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.posix.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vnet4j.capture.Filter;
import org.vnet4j.capture.Filter.SyntaxException;

/** Tests filters that libpcap compiles, and compares them with this library's own parser. */
class LibpcapTest {
  private static final String[] ADDRESSES = {"10.0.0.1", "10.0.0.2", "10.0.1.1", "192.0.2.1"};
  private static final int[] PROTOCOLS = {1, 6, 17, 58, 132, 44, 0};
  private static final int[] TYPES = {0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x8035, 0x88cc};
  private static final int[] PORTS = {22, 53, 80, 443};

  private static final String[] TEXTS = {
    "",
    "ip",
    "ip6",
    "arp",
    "tcp",
    "udp",
    "icmp",
    "icmp6",
    "not tcp",
    "! ip and ! ip6",
    "host 10.0.0.1",
    "src host 10.0.0.1",
    "dst host 10.0.0.1",
    "ip host 10.0.0.1",
    "arp host 10.0.0.1",
    "not host 10.0.0.1",
    "net 10.0.0.0/24",
    "src net 10.0.0.0/23",
    "dst net 10.0.0.0/8",
    "net 0.0.0.0/0",
    "host 2001:db8::1",
    "src host 2001:db8::1",
    "ip6 host 2001:db8::2",
    "net 2001:db8::/32",
    "dst net 2001:db8::/127",
    "port 80",
    "src port 80",
    "dst port 80",
    "tcp port 80",
    "udp src port 53",
    "not port 22",
    "tcp port 80 and host 10.0.0.1",
    "tcp or udp and port 53",
    "tcp or (udp and port 53)",
    "(tcp port 80 or tcp port 443) and not src net 10.0.0.0/24",
    "ip and not (tcp or udp) || ip6 && udp dst port 53",
    "arp or icmp or icmp6",
    "not (not tcp and not udp)",
  };

  @BeforeEach
  void needs_libpcap() {
    Optional<String> missing = new Libpcap().unavailable();
    if (System.getenv("VNET_REQUIRE_PROGRAMS") != null) {
      assertThat(missing).isEmpty();
    }
    assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
  }

  private static byte[] packet(RandomGenerator random) {
    ByteBuffer out = ByteBuffer.allocate(80);
    byte[] noise = new byte[80];
    random.nextBytes(noise);
    out.put(0, noise);
    int type = TYPES[random.nextInt(TYPES.length)];
    int protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
    out.putShort(12, (short) type);
    int payload = 54;
    if (type == 0x0800) {
      int words = 5 + random.nextInt(3);
      out.put(14, (byte) (0x40 + words)).put(23, (byte) protocol);
      out.putShort(20, (short) (random.nextInt(4) == 0 ? 0x2007 : 0x4000));
      out.put(26, address(random)).put(30, address(random));
      payload = 14 + 4 * words;
    } else if (type == 0x86dd) {
      out.put(14, (byte) 0x60).put(20, (byte) protocol);
      out.put(54, (byte) PROTOCOLS[random.nextInt(PROTOCOLS.length)]);
      for (int at : new int[] {22, 38}) {
        out.putLong(at, 0x20010db8L << 32).putLong(at + 8, 1 + random.nextInt(3));
      }
    } else {
      out.put(28, address(random)).put(38, address(random));
    }
    if (protocol != 44) {
      out.putShort(payload, port(random)).putShort(payload + 2, port(random));
    }
    return out.array();
  }

  private static byte[] address(RandomGenerator random) {
    byte[] bytes = new byte[4];
    String[] parts = ADDRESSES[random.nextInt(ADDRESSES.length)].split("\\.");
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static short port(RandomGenerator random) {
    return (short) PORTS[random.nextInt(PORTS.length)];
  }

  @Test
  void our_reading_of_a_filter_and_libpcap_s_agree_on_every_packet() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int[] passed = new int[TEXTS.length];
    for (int i = 0; i < 5000; i++) {
      byte[] packet = packet(random);
      for (int t = 0; t < TEXTS.length; t++) {
        int ours = BpfMachine.run(Filter.parse(TEXTS[t]).program(96), packet);
        int theirs = BpfMachine.run(PCAPS[t].program(96), packet);
        int joined = BpfMachine.run(BOTH[t].program(96), packet);
        assertThat(ours)
            .as("seed %d, \"%s\" on %s", seed, TEXTS[t], java.util.HexFormat.of().formatHex(packet))
            .isEqualTo(theirs)
            .isEqualTo(joined);
        passed[t] += ours == 0 ? 0 : 1;
      }
    }
    // Each filter but the first keeps some of the packets and rejects some.
    for (int t = 1; t < TEXTS.length; t++) {
      assertThat(passed[t]).as("packets that pass \"%s\"", TEXTS[t]).isBetween(1, 4999);
    }
  }

  private static final Filter[] PCAPS = new Filter[TEXTS.length];
  private static final Filter[] BOTH = new Filter[TEXTS.length];

  static {
    if (new Libpcap().unavailable().isEmpty()) {
      for (int i = 0; i < TEXTS.length; i++) {
        PCAPS[i] = Filter.pcap(TEXTS[i]);
        // In both orders, so that each kind of filter is compiled into the other.
        BOTH[i] = Filter.parse(TEXTS[i]).and(PCAPS[i].not().not()).or(PCAPS[i]);
      }
    }
  }

  @Test
  void what_our_own_reading_does_not_know_is_libpcap_s() {
    byte[] syn = new byte[60];
    ByteBuffer.wrap(syn).putShort(12, (short) 0x0800).put(14, (byte) 0x45).put(23, (byte) 6);
    syn[47] = 2;

    assertThat(BpfMachine.run(Filter.parse("tcp[tcpflags] & tcp-syn != 0").program(96), syn))
        .isEqualTo(96);
    assertThat(BpfMachine.run(Filter.parse("tcp[tcpflags] & tcp-ack != 0").program(96), syn))
        .isZero();
    assertThat(BpfMachine.run(Filter.parse("less 60 and portrange 0-5").program(96), syn))
        .isEqualTo(96);
    assertThat(Filter.parse("ether host 02:00:00:00:00:2a or ip6 host fe80::1")).isNotNull();
  }

  @Test
  void libpcap_s_own_words_are_in_the_error() {
    assertThatThrownBy(() -> Filter.parse("tcp port 80 and"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("libpcap: ")
        .hasMessageContaining("syntax error");
    assertThatThrownBy(() -> Filter.pcap("icmp port 80"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("libpcap: ");
  }

  @Test
  void no_name_is_ever_looked_up() {
    for (String text :
        new String[] {
          "host www.example.org",
          "host localhost",
          "tcp port http",
          "gateway fe80",
          "net loopback",
          "src localhost",
          "ether host router",
          "ip proto tcp or host a1",
          "host a.b.c",
          "vlan 5",
          "inbound",
          "host xn--x-1",
          "host (localhost)",
          "host localhost:1",
          "host cafe",
          "host de.ad",
          "host a:b",
          "host a.b::1",
          "host b::c.d",
          "host ::1.a",
        }) {
      assertThatThrownBy(() -> Filter.parse(text))
          .as(text)
          .isInstanceOf(SyntaxException.class)
          .hasMessageContaining("names are not looked up");
    }
    for (String text : new String[] {"host \\tcp", "host l\u00f6calhost", "host a\"b", "tcp;udp"}) {
      assertThatThrownBy(() -> Filter.pcap(text))
          .as(text)
          .isInstanceOf(SyntaxException.class)
          .hasMessageContaining("no filter needs");
    }
  }

  @Test
  void more_words_than_libpcap_can_take_are_refused_before_it_gets_them() {
    String most = "portrange 1-2" + " or tcp".repeat(127);

    assertThat(Filter.pcap(most).program(96)).isNotEmpty();
    for (String text :
        new String[] {
          most + " or tcp", "portrange 1-2" + " or tcp".repeat(30_000), "!" + "tcp||".repeat(30_000)
        }) {
      assertThatThrownBy(() -> Filter.pcap(text))
          .isInstanceOf(Filter.LimitException.class)
          .hasMessageContaining("256 words");
    }
  }
}
