// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PingResultTest {

  @Test
  void statistics_read_like_those_of_ping() {
    PingResult result =
        new PingResult(
            "192.0.2.2",
            2,
            2,
            0,
            List.of(Duration.ofNanos(9_388_000), Duration.ofNanos(6_436_000)),
            Optional.empty());

    assertThat(result)
        .hasToString(
            """
            2 packets transmitted, 2 packets received, 0.0% packet loss
            round-trip min/avg/max/stddev = 6.436/7.912/9.388/1.476 ms""");
  }

  @Test
  void losses_and_duplicates_are_told() {
    PingResult result =
        new PingResult(
            "192.0.2.2",
            3,
            1,
            2,
            List.of(Duration.ofMillis(1)),
            Optional.of("time exceeded from ::1"));

    assertThat(result.toString())
        .startsWith("ping: time exceeded from ::1\n")
        .contains("3 packets transmitted, 1 packets received, +2 duplicates, 66.7% packet loss");
  }

  @Test
  void without_answers_all_times_are_zero() {
    PingResult result = new PingResult("192.0.2.2", 0, 0, 0, List.of(), Optional.empty());

    assertThat(List.of(result.min(), result.avg(), result.max(), result.stddev()))
        .containsOnly(Duration.ZERO);
    assertThat(result.isAnswered()).isFalse();
    assertThat(result).hasToString("0 packets transmitted, 0 packets received");
  }

  @Test
  void numbers_do_not_depend_on_the_language_of_the_machine() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(
              new PingResult("a", 2, 1, 0, List.of(Duration.ofMillis(1)), Optional.empty())
                  .toString())
          .contains("50.0%", "1.000/1.000/1.000/0.000 ms");
    } finally {
      Locale.setDefault(before);
    }
  }
}
