// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.ipfw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vnet4j.Vnet;
import org.vnet4j.net.Shaping;

/** Compares the codec of dummynet with bytes recorded from a kernel. */
class DummynetCodecTest {
  /**
   * Answer of FreeBSD 15.1 after {@code ipfw pipe 7 config bw 8Mbit/s delay 20 plr 0.01 queue 9}.
   */
  private static final String RECORDED =
      "080082010008000020000100000000000700010000127a0014000000000000000000000000000000"
          + "88000200000000000700020000000000090000000000000001000000000000000000000000000000"
          + "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
          + "00000000070001000000000000000000000000000000000000000000000000000000000000000000"
          + "14ae47010000000000000000000000005c000301000000000700010000000000000000004649464f"
          + "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
          + "000000000000000000000000000000000000000000000000000000000800090000758681";

  private static final Shaping LINE =
      Shaping.bitsPerSecond(8_000_000).delay(Duration.ofMillis(20)).loss(0.01).queue(9);

  private static ByteBuffer recorded() {
    byte[] bytes = HexFormat.of().parseHex(RECORDED);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String hex(ByteBuffer request) {
    byte[] bytes = new byte[request.limit()];
    request.get(0, bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void a_pipe_that_ipfw_made_is_read() {
    List<DummynetCodec.Pipe> pipes = DummynetCodec.pipes(recorded());

    assertThat(pipes).hasSize(1);
    assertThat(pipes.get(0).number()).isEqualTo(7);
    assertThat(pipes.get(0).shaping()).isEqualTo(LINE);
  }

  @Test
  void an_answer_that_is_cut_off_has_no_half_pipes() {
    for (int end = 0; end < recorded().limit(); end++) {
      assertThat(DummynetCodec.pipes(recorded().limit(end))).hasSize(end < 176 ? 0 : 1);
    }
  }

  @Test
  void scheduler_and_link_are_asked_for_as_ipfw_does() {
    String zeros = "00".repeat(76);
    assertThat(hex(DummynetCodec.link(7, LINE)))
        .isEqualTo(
            "08008000"
                + "20bcbe00" // DN_CMD_CONFIG, DN_API_VERSION
                + "5c000300"
                + "00000000"
                + "07000000"
                + "00000000"
                + "00100000" // DN_PIPE_CMD
                + zeros.substring(0, 2 * (92 - 20))
                + "20000100"
                + "00000000"
                + "07000000"
                + "00127a00"
                + "14000000"
                + "00000000"
                + "0000000000000000");
  }

  @Test
  void a_flow_set_goes_back_as_it_came_but_for_queue_and_loss() {
    DummynetCodec.Pipe pipe = DummynetCodec.pipes(recorded()).get(0);
    String same = hex(DummynetCodec.flowSet(pipe, LINE));
    String other = hex(DummynetCodec.flowSet(pipe, LINE.loss(1).queue(50)));

    assertThat(same.substring(16)).isEqualTo(HexFormat.of().formatHex(pipe.flowSet()));
    assertThat(other.substring(2 * (8 + 16), 2 * (8 + 20))).isEqualTo("32000000");
    assertThat(other.substring(2 * (8 + 120), 2 * (8 + 124))).isEqualTo("ffffff7f");
  }

  @Test
  void the_flow_set_of_14_is_shorter_and_has_the_loss_elsewhere() {
    DummynetCodec.Pipe pipe = DummynetCodec.pipes(recorded()).get(0);
    DummynetCodec.Pipe old =
        new DummynetCodec.Pipe(
            7, pipe.bandwidth(), pipe.delay(), Arrays.copyOf(pipe.flowSet(), 120));
    assertThat(old.shaping()).isEqualTo(LINE.loss(0));

    String sent = hex(DummynetCodec.flowSet(old, LINE.loss(0.5)));

    assertThat(sent).hasSize(2 * (8 + 120));
    assertThat(sent.substring(2 * (8 + 20), 2 * (8 + 24))).isEqualTo("00000040");
  }

  @Test
  void what_dummynet_has_no_numbers_for_is_refused() {
    assertThatThrownBy(
            () -> DummynetCodec.check("em0", LINE.delay(Duration.ofNanos(1_500_000)), true))
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContaining("em0")
        .hasMessageContaining("milliseconds");
    Shaping fast = Shaping.bitsPerSecond(3_000_000_000L);
    assertThatThrownBy(() -> DummynetCodec.check("em0", fast, false))
        .isInstanceOf(Vnet.UnsupportedException.class)
        .hasMessageContaining("2147483647");
    assertThatCode(() -> DummynetCodec.check("em0", fast, true)).doesNotThrowAnyException();
  }
}
