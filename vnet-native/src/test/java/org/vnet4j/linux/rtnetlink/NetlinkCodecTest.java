// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vnet4j.linux.LinuxCapabilities;
import org.vnet4j.linux.netlink.Netlink;
import org.vnet4j.linux.netlink.NetlinkReader;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.Cidr;
import org.vnet4j.net.IpLiteral;
import org.vnet4j.spi.InterfaceSpec;

class NetlinkCodecTest {
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
  private final NetlinkWriter out = new NetlinkWriter(buffer);

  private String hex() {
    byte[] bytes = new byte[out.length()];
    buffer.get(0, bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void an_interface_goes_up_with_the_bytes_that_ip_link_sends() {
    assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    LinkRequests.up(out, "lo", true);
    out.number(1);

    assertThat(hex())
        .isEqualTo(
            "28000000"
                + "1300"
                + "0500"
                + "01000000"
                + "00000000"
                + "00000000"
                + "00000000"
                + "01000000"
                + "01000000"
                + "0700"
                + "0300"
                + "6c6f0000");
  }

  @Test
  void a_full_table_of_neighbours_is_counted_by_the_last_of_its_statistics() {
    buffer.position(4).putShort((short) 14).putShort((short) 1); // NDTA_NAME
    buffer.put("arp_cache\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    buffer.position(20).putShort((short) 92).putShort((short) 7); // NDTA_STATS
    for (long i = 0; i < 11; i++) {
      buffer.putLong(100 + i);
    }

    assertThat(NeighbourTableMessages.tableFulls(64, buffer, 0, 112)).isEqualTo(110);
    assertThat(NeighbourTableMessages.tableFulls(64, buffer, 0, 20)).isNull();
    assertThat(NeighbourTableMessages.tableFulls(28, buffer, 0, 112)).isNull();
  }

  @Test
  void an_address_is_encoded_and_decoded() {
    Cidr cidr = Cidr.parse("192.0.2.2/24");
    AddressMessages.add(out, 7, cidr);

    assertThat(AddressMessages.index(buffer, Netlink.HEADER)).isEqualTo(7);
    assertThat(AddressMessages.decode(buffer, Netlink.HEADER, out.length())).isEqualTo(cidr);
  }

  /**
   * The expected bytes follow linux/if_link.h, linux/if_tunnel.h and linux/ip6_tunnel.h, and were
   * not made by this codec.
   */
  @Test
  void a_gre_is_asked_for_with_its_ends_its_key_and_its_hop_limit() {
    InetAddress local = IpLiteral.parse("198.51.100.1");
    InetAddress remote = IpLiteral.parse("198.51.100.2");
    TunnelRequests.gre(out, "g0", new InterfaceSpec.Gre(local, remote, 0xfffffffeL, 7, false), 9);
    out.number(1);

    assertThat(hex())
        .isEqualTo(
            "780000001000050601000000000000000000000000000000000000000000000008001b00"
                + "0900000007000300673000004800120008000100677265003c0002000600020020000000"
                + "060003002000000008000400fffffffe08000500fffffffe08000600c633640108000700"
                + "c63364020500080007000000");
  }

  @Test
  void a_gre_for_frames_over_ipv6_is_a_kind_of_its_own() {
    InetAddress local = IpLiteral.parse("2001:db8::1");
    InetAddress remote = IpLiteral.parse("2001:db8::2");
    TunnelRequests.gre(out, "g0", new InterfaceSpec.Gre(local, remote, 0, 0, true), 9);
    out.number(1);

    assertThat(hex())
        .isEqualTo(
            "800000001000050601000000000000000000000000000000000000000000000008001b00"
                + "090000000700030067300000500012000e0001006970366772657461700000003c000200"
                + "1400060020010db80000000000000000000000011400070020010db80000000000000000"
                + "00000002050008004000000008000d0001000000");
  }

  @Test
  void a_gif_over_ipv4_is_a_sit_of_any_protocol() {
    InetAddress local = IpLiteral.parse("198.51.100.1");
    InetAddress remote = IpLiteral.parse("198.51.100.2");
    TunnelRequests.gif(out, "g0", new InterfaceSpec.Gif(local, remote, 0), 9);
    out.number(1);

    assertThat(hex())
        .isEqualTo(
            "600000001000050601000000000000000000000000000000000000000000000008001b00"
                + "0900000007000300673000003000120008000100736974002400020008000200c6336401"
                + "08000300c633640205000400400000000500090000000000");
  }

  @Test
  void a_gif_over_ipv6_is_an_ip6tnl_of_any_protocol() {
    InetAddress local = IpLiteral.parse("2001:db8::1");
    InetAddress remote = IpLiteral.parse("2001:db8::2");
    TunnelRequests.gif(out, "g0", new InterfaceSpec.Gif(local, remote, 255), 9);
    out.number(1);

    assertThat(hex())
        .isEqualTo(
            "840000001000050601000000000000000000000000000000000000000000000008001b00"
                + "090000000700030067300000540012000b000100697036746e6c00004400020014000200"
                + "20010db80000000000000000000000011400030020010db8000000000000000000000002"
                + "05000400ff00000005000900000000000800080001000000");
  }

  @Test
  void a_module_is_looked_up_as_a_file_and_not_as_what_another_needs(@TempDir Path directory)
      throws IOException {
    Path list =
        Files.writeString(
            directory.resolve("modules.dep"),
            "kernel/net/ipv6/ip6_gre.ko.xz: kernel/net/ipv4/gre.ko kernel/net/ipv4/ip_tunnel.ko\n"
                + "kernel/net/ipv6/sit.ko: kernel/net/ipv4/ip_tunnel.ko\n");

    assertThat(LinuxCapabilities.isInstalled(list, "sit")).isTrue();
    assertThat(LinuxCapabilities.isInstalled(list, "ip6_gre")).isTrue();
    assertThat(LinuxCapabilities.isInstalled(list, "ip_tunnel")).isFalse();
    assertThat(LinuxCapabilities.isInstalled(list.resolve("none"), "sit")).isFalse();
  }

  @Test
  void several_messages_get_consecutive_numbers() {
    LinkRequests.up(out, "epair0a", true);
    int second = out.length();
    LinkRequests.mtu(out, "epair0a", 1400);
    out.number(41);

    assertThat(out.count()).isEqualTo(2);
    assertThat(buffer.getInt(Netlink.NLMSG_SEQ)).isEqualTo(41);
    assertThat(buffer.getInt(second + Netlink.NLMSG_SEQ)).isEqualTo(42);
  }

  @Test
  void attributes_that_do_not_fit_end_the_walk() {
    SplittableRandom random = new SplittableRandom(20);
    for (int round = 0; round < 20_000; round++) {
      int length = random.nextInt(200);
      for (int i = 0; i < length; i++) {
        buffer.put(i, (byte) random.nextInt(round % 2 == 0 ? 256 : 20));
      }
      NetlinkReader reader = new NetlinkReader(buffer).over(0, length);
      int walked = 0;
      while (reader.next()) {
        assertThat(reader.size()).isBetween(0, length);
        reader.text();
        reader.u32();
        NetlinkReader nested = reader.nested();
        while (nested.next()) {
          assertThat(nested.bytes().length).isLessThanOrEqualTo(reader.size());
        }
        assertThat(++walked).isLessThanOrEqualTo(length / 4);
      }
    }
  }

  @Test
  void any_bytes_make_a_link_or_nothing_but_never_an_unexpected_error() {
    SplittableRandom random = new SplittableRandom(21);
    for (int round = 0; round < 20_000; round++) {
      LinkRequests.createVeth(out.clear(), 0, "epair0a", "epair0b", false, 0x5a000001);
      int length = out.length();
      for (int i = 0; i < 1 + random.nextInt(8); i++) {
        buffer.put(
            Netlink.HEADER + random.nextInt(length - Netlink.HEADER), (byte) random.nextInt(256));
      }
      LinkState link = LinkState.decode(buffer, Netlink.HEADER, length);
      assertThat(link.name()).isNotNull();
    }
  }
}
