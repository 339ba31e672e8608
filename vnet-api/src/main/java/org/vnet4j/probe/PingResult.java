// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.probe;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The result of an ICMP echo probe. {@link #toString()} reads like ping(8).
 *
 * @param destination the address that was probed
 * @param sent requests that were sent
 * @param received requests that were answered
 * @param duplicates answers beyond the first to a request
 * @param roundTrips the time of each answered request, in the order of the answers
 * @param problem the last failure to send ({@code sendto: Permission denied}) or ICMP error of a
 *     router ({@code host unreachable from 192.0.2.1}); of a probe of many addresses also that the
 *     machine's table of neighbours was full meanwhile; empty if there was none
 */
public record PingResult(
    String destination,
    int sent,
    int received,
    int duplicates,
    List<Duration> roundTrips,
    Optional<String> problem) {

  /** Copies the list. */
  public PingResult {
    roundTrips = List.copyOf(roundTrips);
  }

  /**
   * Returns whether every request was answered.
   *
   * @return true if some were sent and none was lost
   */
  public boolean isAnswered() {
    return sent > 0 && received == sent;
  }

  /**
   * Returns the shortest round trip.
   *
   * @return zero if nothing was answered
   */
  public Duration min() {
    return roundTrips.stream().min(Duration::compareTo).orElse(Duration.ZERO);
  }

  /**
   * Returns the mean of the round trips.
   *
   * @return zero if nothing was answered
   */
  public Duration avg() {
    return nanos(roundTrips.stream().mapToLong(Duration::toNanos).average().orElse(0));
  }

  /**
   * Returns the longest round trip.
   *
   * @return zero if nothing was answered
   */
  public Duration max() {
    return roundTrips.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /**
   * Returns the standard deviation of the round trips.
   *
   * @return zero if fewer than two were answered
   */
  public Duration stddev() {
    double mean = roundTrips.stream().mapToLong(Duration::toNanos).average().orElse(0);
    double variance =
        roundTrips.stream()
            .mapToDouble(time -> (time.toNanos() - mean) * (time.toNanos() - mean))
            .average()
            .orElse(0);
    return nanos(Math.sqrt(variance));
  }

  private static Duration nanos(double nanos) {
    return Duration.ofNanos(Math.round(nanos));
  }

  /**
   * Returns the statistics as ping(8) prints them.
   *
   * @return one to three lines without a newline at the end
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    problem.ifPresent(why -> text.append("ping: ").append(why).append('\n'));
    text.append(sent).append(" packets transmitted, ").append(received).append(" packets received");
    if (duplicates > 0) {
      text.append(", +").append(duplicates).append(" duplicates");
    }
    if (sent > 0) {
      double loss = 100.0 * (sent - received) / sent;
      text.append(String.format(Locale.ROOT, ", %.1f%% packet loss", loss));
    }
    if (received > 0) {
      text.append("\nround-trip min/avg/max/stddev = ");
      text.append(ms(min())).append('/').append(ms(avg())).append('/');
      text.append(ms(max())).append('/').append(ms(stddev())).append(" ms");
    }
    return text.toString();
  }

  private static String ms(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e6);
  }
}
