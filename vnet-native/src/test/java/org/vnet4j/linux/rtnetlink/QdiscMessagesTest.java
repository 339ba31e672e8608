// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.linux.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vnet4j.linux.netlink.Netlink;
import org.vnet4j.linux.netlink.NetlinkWriter;
import org.vnet4j.net.Shaping;

/** Compares the bytes of queueing disciplines with recorded requests of tc(8) from iproute2 6.1. */
class QdiscMessagesTest {
  private static final int TCMSG = 20;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
  private final NetlinkWriter out = new NetlinkWriter(buffer);

  /** Returns the bytes after the netlink header. */
  private String hex() {
    byte[] bytes = new byte[out.length() - Netlink.HEADER];
    buffer.get(Netlink.HEADER, bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void netem_has_the_bytes_that_tc_sends() {
    // tc qdisc replace dev v1 root handle 564f: netem limit 45212 delay 20ms 2ms loss 1%
    //   duplicate 0.5% rate 10mbit
    QdiscMessages.netem(
        out,
        2,
        Shaping.bitsPerSecond(10_000_000)
            .delay(Duration.ofMillis(20))
            .jitter(Duration.ofMillis(2))
            .loss(0.01)
            .duplication(0.005)
            .queue(1000));

    assertThat(hex())
        .isEqualTo(
            "00000000"
                + "02000000"
                + "00004f56"
                + "ffffffff"
                + "00000000"
                + "0a000100"
                + "6e6574656d000000"
                + "30000200"
                + "b4c40400"
                + limit(1000 + 214)
                + "295c8f02"
                + "00000000"
                + "14ae4701"
                + "127a0000"
                + "14000600"
                + "d0121300"
                + "00000000"
                + "00000000"
                + "00000000");
  }

  private static String limit(int packets) {
    return HexFormat.of()
        .formatHex(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(packets).array());
  }

  @Test
  void tbf_has_the_bytes_that_tc_sends_but_for_the_table_that_newer_kernels_do_not_read() {
    // tc qdisc replace dev v0 root handle 564e: tbf rate 10mbit burst 15140b limit 75700b
    QdiscMessages.tbf(out, 3, 1500, Shaping.bitsPerSecond(10_000_000));

    assertThat(hex())
        .isEqualTo(
            "00000000"
                + "03000000"
                + "00004e56"
                + "ffffffff"
                + "00000000"
                + "08000100"
                + "74626600"
                + "34000200"
                + "28000100"
                + "03010000"
                + "ffff0000"
                + "d0121300"
                + "000000000000000000000000"
                + "b4270100"
                + "42e30200"
                + "00000000"
                + "08000600"
                + "243b0000");
  }

  @Test
  void any_shaping_is_decoded_as_it_was_encoded() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      Shaping shaping = random(random);
      out.clear();
      boolean rateOnly = Shaping.NONE.queue(shaping.queue()).equals(shaping.bandwidth(0));
      if (rateOnly) {
        QdiscMessages.tbf(out, 7, 1500, shaping);
      } else {
        QdiscMessages.netem(out, 7, shaping);
      }

      QdiscMessages.Root root = QdiscMessages.decode(buffer, Netlink.HEADER, out.length(), 1500);

      assertThat(root.shaping()).as("seed %d, %s", seed, shaping).isEqualTo(shaping);
    }
  }

  private static Shaping random(SplittableRandom random) {
    Shaping rate =
        Shaping.bitsPerSecond(8 * (1 + random.nextLong(1L << random.nextInt(1, 37))))
            .queue(1 + random.nextInt(2000));
    if (random.nextBoolean()) {
      return rate;
    }
    long micros = random.nextLong(60_000_001);
    return rate.bandwidth(random.nextBoolean() ? 0 : rate.bandwidth())
        .delay(Duration.ofNanos(micros * 1000))
        .jitter(Duration.ofNanos(random.nextLong(micros + 1) * 1000))
        .loss(random.nextInt(1_000_001) / 1e6)
        .duplication(1e-6 + random.nextInt(1_000_000) / 1e6);
  }

  @Test
  void anothers_discipline_has_no_shaping() {
    QdiscMessages.tbf(out, 3, 1500, Shaping.bitsPerSecond(8_000_000));
    buffer.putInt(Netlink.HEADER + 8, 0x10000);

    QdiscMessages.Root root = QdiscMessages.decode(buffer, Netlink.HEADER, out.length(), 1500);

    assertThat(root).isEqualTo(new QdiscMessages.Root(0x10000, "tbf", null));
  }

  @Test
  void damaged_messages_do_no_harm() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    QdiscMessages.netem(out, 3, Shaping.bitsPerSecond(8_000_000).loss(0.5));
    int length = out.length();
    byte[] good = new byte[length];
    buffer.get(0, good);
    for (int i = 0; i < 5000; i++) {
      buffer.put(0, good);
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        buffer.put(
            Netlink.HEADER + TCMSG + random.nextInt(length - Netlink.HEADER - TCMSG),
            (byte) random.nextInt());
      }
      int cut = random.nextInt(Netlink.HEADER + TCMSG, length + 1);
      assertThat(QdiscMessages.decode(buffer, Netlink.HEADER, cut, 1500))
          .as("seed %d", seed)
          .isNotNull();
    }
  }
}
