// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The shaping of the packets that an interface sends: bandwidth, delay, loss, duplication. Start
 * with {@link #NONE} or {@link #bitsPerSecond} and add properties: {@code
 * Shaping.bitsPerSecond(10_000_000).delay(Duration.ofMillis(20)).loss(0.01)}. See dummynet(4),
 * tc-tbf(8), tc-netem(8).
 *
 * @param bandwidth bits per second, a multiple of 8 up to 10^12; 0 for no limit
 * @param delay delay of each packet, in whole microseconds up to one minute
 * @param jitter variation of the delay, in whole microseconds, at most the delay
 * @param loss share of lost packets, 0 to 1, rounded to a millionth
 * @param duplication share of duplicated packets, 0 to 1, rounded to a millionth
 * @param queue length of the queue in packets of the largest size, 1 to 1000000
 */
public record Shaping(
    long bandwidth, Duration delay, Duration jitter, double loss, double duplication, int queue) {
  /** The default length of the queue in packets, that of dummynet(4). */
  public static final int DEFAULT_QUEUE = 50;

  private static final long MOST_BANDWIDTH = 1_000_000_000_000L;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_QUEUE = 1_000_000;

  /** No shaping: an ideal line. */
  public static final Shaping NONE =
      new Shaping(0, Duration.ZERO, Duration.ZERO, 0, 0, DEFAULT_QUEUE);

  /** Checks every value and rounds the shares. */
  public Shaping {
    check(bandwidth >= 0 && bandwidth <= MOST_BANDWIDTH, "bandwidth", bandwidth, "0..10^12 bit/s");
    check(bandwidth % 8 == 0, "bandwidth", bandwidth, "a multiple of 8 bit/s");
    checkTime("delay", delay);
    checkTime("jitter", jitter);
    check(jitter.compareTo(delay) <= 0, "jitter", jitter, "at most the delay, " + delay);
    loss = share("loss", loss);
    duplication = share("duplication", duplication);
    check(queue >= 1 && queue <= MOST_QUEUE, "queue", queue, "1..1000000 packets");
  }

  private static void checkTime(String what, Duration time) {
    check(!time.isNegative() && time.compareTo(LONGEST) <= 0, what, time, "0..1 minute");
    check(time.toNanos() % 1000 == 0, what, time, "whole microseconds");
  }

  private static double share(String what, double value) {
    check(value >= 0 && value <= 1, what, value, "0..1");
    return Math.rint(value * 1e6) / 1e6;
  }

  private static void check(boolean good, String what, Object value, String allowed) {
    if (!good) {
      throw new IllegalArgumentException("Shaping: " + what + " " + value + " is not " + allowed);
    }
  }

  /**
   * Returns the shaping of a line with limited bandwidth, otherwise ideal.
   *
   * @param bandwidth bits per second, a multiple of 8 up to 10^12
   * @return the shaping
   */
  public static Shaping bitsPerSecond(long bandwidth) {
    return NONE.bandwidth(bandwidth);
  }

  /**
   * Returns this shaping with another bandwidth.
   *
   * @param bitsPerSecond bits per second, a multiple of 8 up to 10^12; 0 for no limit
   * @return the new shaping
   */
  public Shaping bandwidth(long bitsPerSecond) {
    return new Shaping(bitsPerSecond, delay, jitter, loss, duplication, queue);
  }

  /**
   * Returns this shaping with another delay.
   *
   * @param time whole microseconds, up to one minute
   * @return the new shaping
   */
  public Shaping delay(Duration time) {
    return new Shaping(bandwidth, time, jitter, loss, duplication, queue);
  }

  /**
   * Returns this shaping with another jitter.
   *
   * @param time whole microseconds, at most the delay
   * @return the new shaping
   */
  public Shaping jitter(Duration time) {
    return new Shaping(bandwidth, delay, time, loss, duplication, queue);
  }

  /**
   * Returns this shaping with another loss.
   *
   * @param share share of packets, 0 to 1
   * @return the new shaping
   */
  public Shaping loss(double share) {
    return new Shaping(bandwidth, delay, jitter, share, duplication, queue);
  }

  /**
   * Returns this shaping with another duplication.
   *
   * @param share share of packets, 0 to 1
   * @return the new shaping
   */
  public Shaping duplication(double share) {
    return new Shaping(bandwidth, delay, jitter, loss, share, queue);
  }

  /**
   * Returns this shaping with another length of the queue.
   *
   * @param packets packets of the largest size, 1 to 1000000
   * @return the new shaping
   */
  public Shaping queue(int packets) {
    return new Shaping(bandwidth, delay, jitter, loss, duplication, packets);
  }

  /**
   * Returns whether this is no shaping.
   *
   * @return true for an ideal line of any queue length
   */
  public boolean isNone() {
    return equals(NONE.queue(queue));
  }

  /**
   * Returns the shaping in the language of tc(8).
   *
   * @return such as {@code rate 10Mbit delay 20ms 2ms loss 1% queue 50}
   */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (bandwidth > 0) {
      words.add("rate " + bits());
    }
    if (!delay.isZero()) {
      words.add("delay " + millis(delay) + (jitter.isZero() ? "" : " " + millis(jitter)));
    }
    if (loss > 0) {
      words.add("loss " + number(loss * 100) + "%");
    }
    if (duplication > 0) {
      words.add("duplicate " + number(duplication * 100) + "%");
    }
    if (words.isEmpty()) {
      return "none";
    }
    return String.join(" ", words) + " queue " + queue;
  }

  private String bits() {
    String[] units = {"bit", "Kbit", "Mbit", "Gbit", "Tbit"};
    int unit = 0;
    long value = bandwidth;
    while (value % 1000 == 0 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return value + units[unit];
  }

  private static String millis(Duration time) {
    return number(time.toNanos() / 1e6) + "ms";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceAll("\\.?0+$", "");
  }
}
