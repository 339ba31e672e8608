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
  private static final long WORD = 1L << 32;

  /**
   * Computes the rates between two looks.
   *
   * <p>A counter that is smaller than before has wrapped, if it was in the upper half of 32 or of
   * 64 bits and is in the lower one now; else it was set back, and what it says was counted since.
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
    return new InterfaceRates(
        time,
        span,
        counted(before.packetsIn(), now.packetsIn()) / seconds,
        counted(before.bytesIn(), now.bytesIn()) / seconds,
        counted(before.errorsIn(), now.errorsIn()) / seconds,
        counted(before.dropsIn(), now.dropsIn()) / seconds,
        counted(before.packetsOut(), now.packetsOut()) / seconds,
        counted(before.bytesOut(), now.bytesOut()) / seconds,
        counted(before.errorsOut(), now.errorsOut()) / seconds,
        counted(before.dropsOut(), now.dropsOut()) / seconds);
  }

  private static double counted(long before, long now) {
    if (Long.compareUnsigned(now, before) >= 0 || before < 0 && now >= 0) {
      return unsigned(now - before); // the difference is right across a wrap at 64 bits
    }
    boolean wrapped = before >= WORD / 2 && before < WORD && now >= 0 && now < WORD / 2;
    return unsigned(wrapped ? now + WORD - before : now);
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
