// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.vnet4j.net.InterfaceCounters;
import org.vnet4j.net.InterfaceRates;

/** Tests the feed of rates with a clock that the test sets. */
class RateFeedTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private long nanos = -5; // nanoTime may return any value
  private long bytes;
  private final List<InterfaceRates> told = new ArrayList<>();

  private RateFeed feed(Duration every) {
    return new RateFeed(
        () -> new InterfaceCounters(0, bytes, 0, 0, 0, 0, 0, 0, 0, 0),
        every,
        () -> nanos,
        () -> START.plusNanos(nanos + 5));
  }

  private void pass(Duration time, long counted) {
    nanos += time.toNanos();
    bytes += counted;
  }

  @Test
  void looks_come_at_even_times_though_each_is_a_little_late() {
    RateFeed feed = feed(Duration.ofSeconds(1));
    pass(Duration.ofMillis(1250), 1250);
    assertThat(feed.await()).isTrue();
    feed.read(told::add);
    pass(Duration.ofMillis(750), 1500);
    assertThat(feed.await()).isTrue();
    feed.read(told::add);

    assertThat(told).extracting(InterfaceRates::bytesIn).containsExactly(1000.0, 2000.0);
    assertThat(told)
        .extracting(InterfaceRates::span)
        .containsExactly(Duration.ofMillis(1250), Duration.ofMillis(750));
    assertThat(told)
        .extracting(InterfaceRates::time)
        .containsExactly(START.plusMillis(1250), START.plusSeconds(2));
  }

  @Test
  void who_asks_late_gets_one_mean_and_no_burst() {
    RateFeed feed = feed(Duration.ofMillis(20));
    pass(Duration.ofSeconds(10), 50_000);
    assertThat(feed.await()).isTrue();
    feed.read(told::add);

    assertThat(told).extracting(InterfaceRates::bytesIn).containsExactly(5000.0);
    assertThat(feed.await()).as("before the next is due").isFalse();
  }

  @Test
  void a_close_ends_a_wait() throws Exception {
    RateFeed feed = feed(Duration.ofDays(1));
    CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(feed::await);

    feed.close();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(feed.isOpen()).isFalse();
  }
}
