// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ShapingTest {

  @Test
  void a_line_says_what_it_does_in_the_words_of_tc() {
    Shaping line =
        Shaping.bitsPerSecond(10_000_000)
            .delay(Duration.ofMillis(20))
            .jitter(Duration.ofNanos(1_500_000))
            .loss(0.01)
            .duplication(0.0005);

    assertThat(line).hasToString("rate 10Mbit delay 20ms 1.5ms loss 1% duplicate 0.05% queue 50");
    assertThat(Shaping.bitsPerSecond(64_008).queue(7)).hasToString("rate 64008bit queue 7");
    assertThat(Shaping.NONE).hasToString("none");
  }

  @Test
  void shares_are_kept_to_a_millionth() {
    assertThat(Shaping.NONE.loss(0.01 + 1e-9)).isEqualTo(Shaping.NONE.loss(0.01));
  }

  @Test
  void nothing_is_nothing_whatever_its_queue() {
    assertThat(Shaping.NONE.queue(7).isNone()).isTrue();
    assertThat(Shaping.NONE.loss(1e-6).isNone()).isFalse();
  }

  @Test
  void what_no_line_can_be_is_refused_by_name() {
    refused("bandwidth -8", () -> Shaping.bitsPerSecond(-8));
    refused("bandwidth 1000000000008", () -> Shaping.bitsPerSecond(1_000_000_000_008L));
    refused("multiple of 8", () -> Shaping.bitsPerSecond(1001));
    refused("delay PT-1S", () -> Shaping.NONE.delay(Duration.ofSeconds(-1)));
    refused("delay PT1M0.000001S", () -> Shaping.NONE.delay(Duration.ofMinutes(1).plusNanos(1000)));
    refused("whole microseconds", () -> Shaping.NONE.delay(Duration.ofNanos(1)));
    refused("jitter PT0.002S", () -> Shaping.NONE.jitter(Duration.ofMillis(2)));
    refused("loss 1.5", () -> Shaping.NONE.loss(1.5));
    refused("loss NaN", () -> Shaping.NONE.loss(Double.NaN));
    refused("duplication -0.1", () -> Shaping.NONE.duplication(-0.1));
    refused("queue 0", () -> Shaping.NONE.queue(0));
  }

  private static void refused(String words, ThrowingCallable making) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Shaping: ")
        .hasMessageContaining(words);
  }
}
