// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How fast an interface counted between two looks at its counters: means over that span, per
 * second. See {@code netstat -w} in netstat(1).
 *
 * @param time when the second look was
 * @param span the time between both, more than 0
 * @param packetsIn packets received
 * @param bytesIn bytes received
 * @param errorsIn packets received with errors
 * @param dropsIn packets dropped on the way in
 * @param packetsOut packets sent
 * @param bytesOut bytes sent
 * @param errorsOut packets that could not be sent
 * @param dropsOut packets dropped on the way out
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
   * Computes the rates between two looks; see {@link InterfaceCounters#since} for counters that
   * wrap or are set back.
   *
   * @param time when the second look was
   * @param span the time between both, more than 0
   * @param before what was counted then
   * @param now what is counted now
   * @return the rates, none of them negative
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
   * Returns a line, as in {@code in 1000 B/s 10 p/s, out 500 B/s 5 p/s}, with errors and drops if
   * there are any.
   *
   * @return rounded to whole numbers
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
