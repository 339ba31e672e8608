// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The rates of an interface per second, as means over the span between two readings of its
 * counters. See {@code netstat -w} in netstat(1).
 *
 * @param time time of the second reading
 * @param span time between both readings, more than 0
 * @param packetsIn packets received per second
 * @param bytesIn bytes received per second
 * @param errorsIn packets received with errors per second
 * @param dropsIn incoming packets dropped per second
 * @param packetsOut packets sent per second
 * @param bytesOut bytes sent per second
 * @param errorsOut packets that could not be sent, per second
 * @param dropsOut outgoing packets dropped per second
 */
public record InterfaceRates(
    Instant time,
    Duration span,
    double packetsIn,
    double bytesIn,
    double errorsIn,
    double dropsIn,
    double packetsOut,
    double bytesOut,
    double errorsOut,
    double dropsOut) {
  /**
   * Computes the rates between two readings. See {@link InterfaceCounters#since} for counters that
   * wrap or are reset.
   *
   * @param time time of the second reading
   * @param span time between both readings, more than 0
   * @param before the counters of the first reading
   * @param now the counters of the second reading
   * @return the rates, none of them negative
   * @throws IllegalArgumentException if the span is not more than 0
   */
  public static InterfaceRates between(
      Instant time, Duration span, InterfaceCounters before, InterfaceCounters now) {
    if (span.isZero() || span.isNegative()) {
      throw new IllegalArgumentException("span " + span + " is not more than 0");
    }
    double seconds = span.toNanos() / 1e9;
    InterfaceCounters counted = now.since(before);
    return new InterfaceRates(
        time,
        span,
        unsigned(counted.packetsIn()) / seconds,
        unsigned(counted.bytesIn()) / seconds,
        unsigned(counted.errorsIn()) / seconds,
        unsigned(counted.dropsIn()) / seconds,
        unsigned(counted.packetsOut()) / seconds,
        unsigned(counted.bytesOut()) / seconds,
        unsigned(counted.errorsOut()) / seconds,
        unsigned(counted.dropsOut()) / seconds);
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : (value >>> 1) * 2.0;
  }

  /**
   * Returns the rates on one line, such as {@code in 1000 B/s 10 p/s, out 500 B/s 5 p/s}. Errors
   * and drops are appended if there are any.
   *
   * @return bytes and packets as whole numbers, errors and drops with one decimal
   */
  @Override
  public String toString() {
    return "in "
        + text(bytesIn, packetsIn, errorsIn, dropsIn)
        + ", out "
        + text(bytesOut, packetsOut, errorsOut, dropsOut);
  }

  private static String text(double bytes, double packets, double errors, double drops) {
    String line = String.format(Locale.ROOT, "%.0f B/s %.0f p/s", bytes, packets);
    return errors > 0 || drops > 0
        ? line + String.format(Locale.ROOT, " %.1f errors/s %.1f drops/s", errors, drops)
        : line;
  }
}
