// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vnet4j.net.Cidr;

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
  void an_address_is_encoded_and_decoded() {
    Cidr cidr = Cidr.parse("192.0.2.2/24");
    AddressMessages.add(out, 7, cidr);

    assertThat(AddressMessages.index(buffer, Netlink.HEADER)).isEqualTo(7);
    assertThat(AddressMessages.decode(buffer, Netlink.HEADER, out.length())).isEqualTo(cidr);
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
      Link link = Link.decode(buffer, Netlink.HEADER, length);
      assertThat(link.name()).isNotNull();
    }
  }
}
