// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.vnet4j.net.Cidr;

/**
 * Compares compiled filters with their meaning in Java, and checks that files of packets are
 * complete.
 */
class CaptureFuzzTest {
  /** No filter reads beyond this offset: a full IPv4 header, and ports. */
  private static final int FAR = 14 + 60 + 4;

  private static final int SNAPLEN = 96;

  /** A filter and its meaning. */
  private record Said(Filter filter, Predicate<byte[]> meaning) {}

  @FuzzTest(maxDuration = "5m")
  void a_compiled_filter_keeps_what_it_means(FuzzedDataProvider data) {
    Said said = filter(data, 12);
    List<Instruction> program = said.filter().program(SNAPLEN);
    checked(program);
    byte[] frame = frame(data);
    int kept = FilterTest.run(program, frame);
    assertThat(kept).isIn(0, SNAPLEN);
    if (frame.length >= FAR) {
      assertThat(kept == SNAPLEN).as("%s", said.filter()).isEqualTo(said.meaning().test(frame));
    }
  }

  /**
   * Checks a program as a kernel does before it accepts it: it jumps only forward, and not beyond
   * the end.
   */
  private static void checked(List<Instruction> program) {
    assertThat(program.get(program.size() - 1).code()).isEqualTo(6);
    for (int at = 0; at < program.size(); at++) {
      Instruction one = program.get(at);
      assertThat(one.jt()).isBetween(0, 255);
      assertThat(one.jf()).isBetween(0, 255);
      int far = one.code() == 5 ? one.k() : Math.max(one.jt(), one.jf());
      assertThat(at + 1L + far).isLessThan(program.size() + (one.code() == 6 ? 1 : 0));
    }
  }

  private static Said filter(FuzzedDataProvider data, int depth) {
    int kind = data.consumeInt(0, depth == 0 ? 8 : 11);
    return switch (kind) {
      case 0 -> new Said(Filter.all(), frame -> true);
      case 1 -> new Said(Filter.ip(), frame -> type(frame) == 0x800);
      case 2 -> new Said(Filter.ip6(), frame -> type(frame) == 0x86dd);
      case 3 -> new Said(Filter.arp(), frame -> type(frame) == 0x806);
      case 4 -> new Said(Filter.tcp(), frame -> protocol(frame) == 6);
      case 5 -> new Said(Filter.icmp(), frame -> type(frame) == 0x800 && protocol(frame) == 1);
      case 6 -> new Said(Filter.icmp6(), frame -> type(frame) == 0x86dd && protocol(frame) == 58);
      case 7 -> port(data.consumeInt(0, 65535));
      case 8 -> net(data);
      case 9 -> {
        Said one = filter(data, depth - 1);
        yield new Said(one.filter().not(), one.meaning().negate());
      }
      default -> {
        Said one = filter(data, depth - 1);
        Said other = filter(data, depth - 1);
        yield kind == 10
            ? new Said(one.filter().and(other.filter()), one.meaning().and(other.meaning()))
            : new Said(one.filter().or(other.filter()), one.meaning().or(other.meaning()));
      }
    };
  }

  private static Said port(int number) {
    return new Said(
        Filter.port(number),
        frame -> {
          boolean four = type(frame) == 0x800;
          int at = four ? 14 + (frame[14] & 15) * 4 : 54;
          boolean later = four && (half(frame, 20) & 0x1fff) != 0;
          return (protocol(frame) == 6 || protocol(frame) == 17)
              && !later
              && (half(frame, at) == number || half(frame, at + 2) == number);
        });
  }

  private static Said net(FuzzedDataProvider data) {
    boolean six = data.consumeBoolean();
    int width = six ? 16 : 4;
    byte[] address = Arrays.copyOf(data.consumeBytes(width), width);
    if (six) {
      address[0] = 0x20; // an address that Java does not convert to IPv4
    }
    Cidr cidr = cidr(address, data.consumeInt(0, 8 * width));
    return new Said(
        Filter.net(cidr.toString()),
        frame ->
            switch (type(frame)) {
              case 0x86dd -> six && (in(cidr, frame, 22) || in(cidr, frame, 38));
              case 0x800 -> !six && (in(cidr, frame, 26) || in(cidr, frame, 30));
              case 0x806 -> !six && (in(cidr, frame, 28) || in(cidr, frame, 38));
              default -> false;
            });
  }

  private static Cidr cidr(byte[] address, int length) {
    try {
      return new Cidr(java.net.InetAddress.getByAddress(address), length);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Compares an address bit by bit. */
  private static boolean in(Cidr cidr, byte[] frame, int at) {
    byte[] wanted = cidr.address().getAddress();
    for (int bit = 0; bit < cidr.prefixLength(); bit++) {
      int mask = 0x80 >> bit % 8;
      if ((wanted[bit / 8] & mask) != (frame[at + bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static int type(byte[] frame) {
    return half(frame, 12);
  }

  private static int half(byte[] frame, int at) {
    return (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
  }

  private static int protocol(byte[] frame) {
    return switch (type(frame)) {
      case 0x800 -> frame[23] & 0xff;
      case 0x86dd -> frame[20] & 0xff;
      default -> -1;
    };
  }

  /** Makes a frame that is mostly long enough, and mostly of a type that filters know. */
  private static byte[] frame(FuzzedDataProvider data) {
    int type = data.pickValue(new int[] {0x800, 0x86dd, 0x806, 0});
    int protocol = data.pickValue(new int[] {6, 17, 1, 58, 0});
    boolean whole = data.consumeInt(0, 7) > 0;
    byte[] rest = data.consumeRemainingAsBytes();
    byte[] frame = Arrays.copyOf(rest, whole ? Math.max(FAR, rest.length) : rest.length);
    if (whole && type != 0) {
      ByteBuffer.wrap(frame).putShort(12, (short) type);
      frame[type == 0x800 ? 23 : 20] = (byte) protocol;
    }
    return frame;
  }

  /**
   * Checks a file block by block: each has its length at both ends, and each packet is unchanged.
   */
  @FuzzTest(maxDuration = "5m")
  void a_file_of_packets_is_whole_whatever_is_in_it(FuzzedDataProvider data) throws IOException {
    String name = data.consumeString(15);
    String words = data.consumeString(100_000);
    int count = data.consumeInt(0, 3);
    Instant time = Instant.ofEpochSecond(data.consumeInt(0, Integer.MAX_VALUE), 987_654_321);
    byte[] bytes = data.consumeRemainingAsBytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Pcapng file = Pcapng.to(out, name, 65535, words)) {
      for (int i = 0; i < count; i++) {
        file.write(new CapturedPacket(time, bytes.length + i, bytes));
      }
    }
    ByteBuffer in = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int packets = 0;
    for (int block = 0; in.hasRemaining(); block++) {
      int begin = in.position();
      int type = in.getInt();
      int length = in.getInt();
      assertThat(length % 4).isZero();
      assertThat(in.getInt(begin + length - 4)).isEqualTo(length);
      assertThat(type).isEqualTo(block == 0 ? 0x0a0d0d0a : block == 1 ? 1 : 6);
      if (type == 6) {
        long nanos = (long) in.getInt(begin + 12) << 32 | in.getInt(begin + 16) & 0xffffffffL;
        assertThat(Instant.ofEpochSecond(0, nanos)).isEqualTo(time);
        assertThat(in.getInt(begin + 20)).isEqualTo(bytes.length);
        assertThat(in.getInt(begin + 24)).isEqualTo(bytes.length + packets++);
        byte[] kept = new byte[bytes.length];
        in.get(begin + 28, kept);
        assertThat(kept).isEqualTo(bytes);
      } else {
        options(in, begin + (type == 1 ? 16 : 24), begin + length - 4);
      }
      in.position(begin + length);
    }
    assertThat(packets).isEqualTo(count);
  }

  private static void options(ByteBuffer in, int from, int to) {
    int at = from;
    while (in.getInt(at) != 0) {
      at += 4 + (in.getShort(at + 2) + 3 & 0xfffc);
      assertThat(at).isLessThan(to);
    }
    assertThat(at + 4).isEqualTo(to);
  }
}
