// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests rates computed from two readings of the counters. */
class InterfaceRatesTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void each_rate_is_its_counters_difference_per_second() {
    InterfaceCounters before = new InterfaceCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    InterfaceCounters now = new InterfaceCounters(11, 22, 33, 44, 55, 66, 77, 88, 99, 100);

    InterfaceRates rates = InterfaceRates.between(TIME, Duration.ofSeconds(2), before, now);

    assertThat(rates)
        .isEqualTo(new InterfaceRates(TIME, Duration.ofSeconds(2), 5, 10, 15, 20, 25, 30, 35, 40))
        .hasToString(
            "in 10 B/s 5 p/s 15.0 errors/s 20.0 drops/s,"
                + " out 30 B/s 25 p/s 35.0 errors/s 40.0 drops/s");
  }

  @ParameterizedTest
  @CsvSource({
    "4294967295, 9, 10", // wraps at 32 bits
    "-1, 9, 10", // wraps at 64 bits
    "9223372036854775807, -9223372036854775808, 1", // passes the sign
    "5000000000, 7, 7", // set back: not near enough to a wrap
    "1000, 7, 7", // set back to nearly the greatest value
    "-1, -2, 1.8446744073709552E19", // set back, to nearly all
    "7, 7, 0"
  })
  void a_counter_that_wraps_goes_on_and_one_that_was_set_back_begins(
      long before, long now, double counted) {
    InterfaceRates rates =
        InterfaceRates.between(TIME, Duration.ofSeconds(1), bytesIn(before), bytesIn(now));

    assertThat(rates.bytesIn()).isEqualTo(counted);
    assertThat(rates.bytesOut()).isZero();
  }

  @Test
  void what_was_counted_between_looks_adds_up() {
    InterfaceCounters before = new InterfaceCounters(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    InterfaceCounters now = new InterfaceCounters(11, 22, 33, 44, 55, 66, 77, 88, 99, 110);

    assertThat(now.since(before))
        .isEqualTo(new InterfaceCounters(10, 20, 30, 40, 50, 60, 70, 80, 90, 100));
    assertThat(before.plus(now.since(before))).isEqualTo(now);
  }

  @Test
  void no_time_makes_no_rate() {
    assertThatThrownBy(() -> InterfaceRates.between(TIME, Duration.ZERO, bytesIn(1), bytesIn(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }

  private static InterfaceCounters bytesIn(long bytes) {
    return new InterfaceCounters(0, bytes, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
